using Ctc;

namespace UnsatisfiedImport;

/// <summary>Asks for something that no host has.</summary>
[Part("importing", Summary = "Cannot be composed.")]
internal sealed class Importing(Uri address) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, address.Port);
}
