using Ctc;

namespace UnsatisfiedImport;

/// <summary>Imports a contract that no host exports.</summary>
[Part("importing", Summary = "Cannot be composed.")]
internal sealed class Importing(Uri address) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, address.Port);
}
