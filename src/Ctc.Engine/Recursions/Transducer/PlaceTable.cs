using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>Three numbers of each place (t, u) in double precision: what is read of its row, and then the posterior in its stead.</summary>
/// <param name="blanks">[B, T, U+1] the scores of blanks, then their shares; 0 in padding.</param>
/// <param name="tokens">[B, T, U+1] the scores of tokens, then their shares; 0 in padding.</param>
/// <param name="sums">[B, T, U+1] ln Σ exp of the logits; 0 where the scores are no logits.</param>
internal sealed class PlaceTable(Tensor blanks, Tensor tokens, Tensor sums)
{
    private readonly int total = (int)blanks.shape[1], columns = (int)blanks.shape[2];

    /// <summary>Gets the three tensors, in the order of the constructor.</summary>
    public Tensor[] Tensors => [blanks, tokens, sums];

    /// <summary>Gets the numbers of the blanks, by <see cref="Place"/>.</summary>
    public TensorMemory<double> Blanks { get; } = new(blanks);

    /// <summary>Gets the numbers of the tokens.</summary>
    public TensorMemory<double> Tokens { get; } = new(tokens);

    /// <summary>Gets the log-sums.</summary>
    public TensorMemory<double> Sums { get; } = new(sums);

    /// <summary>Creates zeros.</summary>
    /// <param name="batch">B.</param>
    /// <param name="total">T.</param>
    /// <param name="columns">U+1.</param>
    public static PlaceTable CreateZeros(long batch, long total, long columns)
    {
        return new PlaceTable(Zeros(), Zeros(), Zeros());

        Tensor Zeros() => OutputTensors.CreateZeros([batch, total, columns], torch.float64);
    }

    /// <summary>Returns the index of a place.</summary>
    public long Place(int utterance, int t, int u) => ((((long)utterance * total) + t) * columns) + u;

    /// <summary>Computes ln Z of each utterance from the scores, and replaces these by the shares.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="posterior">Whether the shares are wanted; otherwise the scores stay.</param>
    /// <returns>B numbers. Where no alignment has a probability, the shares are 0.</returns>
    public double[] Run(Batch batch, bool posterior)
    {
        var likelihoods = new double[batch.Size];
        int[] order = [.. Enumerable.Range(0, batch.Size).OrderByDescending(b => batch.Frames[b] * (batch.Targets[b].Length + 1))];
        Workers.Share(batch.Size, () => new DiagonalPass(), (pass, piece) =>
        {
            (int b, int frames, int length) = (order[piece], (int)batch.Frames[order[piece]], batch.Targets[order[piece]].Length);
            pass.Start(frames, length);
            for (int t = 0; t < frames; t++)
            {
                for (int u = 0; u <= length; u++) pass.Set(t, u, Blanks[Place(b, t, u)], Tokens[Place(b, t, u)]);
            }

            likelihoods[b] = pass.Forward();
            if (!posterior) return;
            if (!double.IsNegativeInfinity(likelihoods[b])) pass.Backward(likelihoods[b], Place(b, 0, 0), columns, Blanks, Tokens);
            else for (int t = 0; t < frames; t++)
            {
                Blanks.Slice(Place(b, t, 0), length + 1).Clear();
                Tokens.Slice(Place(b, t, 0), length + 1).Clear();
            }
        });
        GC.KeepAlive(this);
        return likelihoods;
    }
}
