using Ctc;

namespace TakenName;

/// <summary>A healthy neighbour of the part whose name is taken.</summary>
[Part("halved", Summary = "Weighs every utterance by a half.")]
internal sealed class Halved : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 0.5);
}
