using Ctc;

namespace OptionsElsewhere;

/// <summary>Works as built. Its attribute cannot be read as soon as the DLL that lies beside it is taken away.</summary>
[Part("elsewhere", typeof(Dependency.Shares), Summary = "Has options whose type is in another DLL.")]
internal sealed class Elsewhere(Dependency.Shares shares) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, shares.Base);
}
