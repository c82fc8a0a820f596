using Ctc;

namespace OptionsElsewhere;

/// <summary>Works as built. Its attribute cannot be read once the DLL beside it is removed.</summary>
[Part("elsewhere", typeof(Dependency.Shares), Summary = "Has options whose type is in another DLL.")]
internal sealed class Elsewhere(Dependency.Shares shares) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, shares.Base);
}
