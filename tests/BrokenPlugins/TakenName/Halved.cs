using Ctc;

namespace TakenName;

/// <summary>A valid part in the same DLL as the part with a conflicting name.</summary>
[Part("halved", Summary = "Weighs every utterance by a half.")]
internal sealed class Halved : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 0.5);
}
