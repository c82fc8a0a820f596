using Ctc;

namespace ThrowingConstructor;

/// <summary>Composes, but its constructor throws.</summary>
[Part("throwing", Summary = "Fails as soon as it is created.")]
internal sealed class Throwing : ILossWeighting
{
    public Throwing() => throw new InvalidOperationException("the constructor failed on purpose");

    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}
