using Ctc;

namespace ExitingConstructor;

/// <summary>Its constructor ends the process as if all were well.</summary>
[Part("exiting-constructor", Summary = "Exits with 0.")]
internal sealed class Exiting : ILossWeighting
{
    public Exiting() => Environment.Exit(0);

    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}
