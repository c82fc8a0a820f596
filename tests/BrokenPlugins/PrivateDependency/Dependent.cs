using Ctc;

namespace PrivateDependency;

/// <summary>Works as built. Broken once the DLL beside it is removed.</summary>
[Part("dependent", Summary = "Scales the base loss by a number out of another DLL.")]
internal sealed class Dependent : IAuxiliaryTerm
{
    private readonly Dependency.Shares shares = new();

    public double BaseShare(Progress progress) => shares.Base;

    public Tensor Evaluate(Evaluation evaluation) => torch.zeros_like(evaluation.Loss);
}
