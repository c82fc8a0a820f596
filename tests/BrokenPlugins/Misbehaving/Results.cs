using Ctc;

namespace Misbehaving;

/// <summary>Throws when called.</summary>
[Part("throwing-transform", Summary = "Throws when it is called.")]
internal sealed class ThrowingTransform : IEmissionTransform
{
    public Tensor Transform(Tensor scores, Batch batch) => throw new InvalidOperationException("the transform failed on purpose");
}

/// <summary>Returns a weight for each token of the vocabulary instead of one for each utterance.</summary>
[Part("wrong-shape", Summary = "Gives weights of a wrong shape.")]
internal sealed class WrongShape : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones(evaluation.Batch.Tokens + 3, evaluation.Loss.dtype);
}

/// <summary>Takes the logarithm of a number that is not positive.</summary>
[Part("not-a-number", Summary = "Gives NaN.")]
internal sealed class NotANumber : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => (evaluation.Loss * 0).log() * 0;
}

/// <summary>Returns single precision whatever its input.</summary>
[Part("single-precision", Summary = "Loses digits.")]
internal sealed class SinglePrecision : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones(evaluation.Batch.Size);
}

/// <summary>Returns null.</summary>
[Part("null-result", Summary = "Gives nothing.")]
internal sealed class NullResult : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => null!;
}
