using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The posterior of the fused recursion, by place; all in double precision.</summary>
/// <param name="blanks">[B, T, U+1] the shares of blanks; 0 in padding.</param>
/// <param name="tokens">[B, T, U+1] the shares of tokens; 0 in padding.</param>
/// <param name="sums">[B, T, U+1] ln Σ exp of the logits; 0 where the scores are no logits.</param>
internal sealed class PlaceShares(Tensor blanks, Tensor tokens, Tensor sums)
{
    /// <summary>Gets the shares of blanks.</summary>
    public Tensor Blanks => blanks;

    /// <summary>Gets the shares of tokens.</summary>
    public Tensor Tokens => tokens;

    /// <summary>Gets the three tensors, in the order of the constructor.</summary>
    public Tensor[] Tensors => [blanks, tokens, sums];

    /// <summary>Gets their numbers, valid as long as the tensors.</summary>
    public (TensorMemory<double> Blanks, TensorMemory<double> Tokens, TensorMemory<double> Sums) Memory => (new(blanks), new(tokens), new(sums));

    /// <summary>Creates zeros.</summary>
    /// <param name="shape">[B, T, U+1, V], of the scores.</param>
    public static PlaceShares CreateZeros(long[] shape)
    {
        return new PlaceShares(Plane(), Plane(), Plane());

        Tensor Plane() => OutputTensors.CreateZeros(shape[..3], torch.float64);
    }
}
