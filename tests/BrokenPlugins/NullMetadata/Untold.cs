using Ctc;

namespace NullMetadata;

/// <summary>A part whose attribute names no options type.</summary>
[Part("untold", null!, Summary = "Has an attribute that cannot be used.")]
internal sealed class Untold : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}
