using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Parts are independent of each other and can be combined.</summary>
[NoTensorLeaks]
public class CompositionTests
{
    [Test]
    [Category("Slow")]
    public void Any_two_parts_together_have_the_gradient_of_their_formula([Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IPart[] parts =
        [
            DiscoveredPart.Create<IEmissionTransform>("blank-penalty", "lambda: -0.5"),
            DiscoveredPart.Create<IEmissionTransform>("blank-penalty", "lambda: 1.5, renormalise: true"),
            DiscoveredPart.Create<IEmissionTransform>("temperature", "tau: 1.5"),
            DiscoveredPart.Create<ILatticeTransform>("delay-penalty", "lambda: 0.1"),
            DiscoveredPart.Create<ITargetTransform>("label-smoothing", "epsilon: 0.2"),
            DiscoveredPart.Create<ITargetTransform>("reweighting", "balance: 0.6, key-frames: 2"),
            DiscoveredPart.Create<ITargetTransform>("reweighting", "form: focal-frame, key-frames: 1"),
            DiscoveredPart.Create<ILossWeighting>("focal", "gamma: 2"),
            DiscoveredPart.Create<ILossWeighting>("focal", "alpha: 2, gamma: 0.5"),
            DiscoveredPart.Create<ILossWeighting>("length", "by: frames, power: 0.5"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.3"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.1, direction: uniform-to-model"),
            DiscoveredPart.Create<IAuxiliaryTerm>("confidence-penalty", "beta: 0.4"),
            DiscoveredPart.Create<IAuxiliaryTerm>("entropy", "beta: 0.3"),
            PeakFirstTests.Holding(0.3),
        ];
        for (int one = 0; one < parts.Length; one++)
        {
            for (int other = one + 1; other < parts.Length; other++)
            {
                // Only within a chain of transforms does the order matter.
                Gradients.AssertTrue(Compose(parts[one], parts[other]), RandomCase.Draw(seed, longest: 4));
                if (InOneChain(parts[one], parts[other])) Gradients.AssertTrue(Compose(parts[other], parts[one]), RandomCase.Draw(seed, longest: 4));
            }
        }
    }

    [Test]
    [Category("Slow")]
    public void All_parts_together_have_the_gradient_of_their_formula([Range(0, 29)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts all = Compose(
            DiscoveredPart.Create<IEmissionTransform>("blank-penalty"),
            DiscoveredPart.Create<IEmissionTransform>("temperature"),
            DiscoveredPart.Create<IEmissionTransform>("label-prior"),
            DiscoveredPart.Create<ILatticeTransform>("delay-penalty"),
            DiscoveredPart.Create<ITargetTransform>("label-smoothing"),
            DiscoveredPart.Create<ITargetTransform>("reweighting"),
            DiscoveredPart.Create<ILossWeighting>("focal"),
            DiscoveredPart.Create<ILossWeighting>("length"),
            DiscoveredPart.Create<ILossWeighting>("class-rarity"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl"),
            DiscoveredPart.Create<IAuxiliaryTerm>("confidence-penalty"),
            DiscoveredPart.Create<IAuxiliaryTerm>("entropy"),
            PeakFirstTests.Holding(0.1));
        Gradients.AssertTrue(all, RandomCase.Draw(seed));
    }

    private static bool InOneChain(IPart one, IPart other) =>
        (one, other) is (IEmissionTransform, IEmissionTransform) or (ITargetTransform, ITargetTransform);

    private static ObjectiveParts Compose(params IPart[] parts) => new()
    {
        Emissions = [.. parts.OfType<IEmissionTransform>()],
        Lattice = [.. parts.OfType<ILatticeTransform>()],
        Targets = [.. parts.OfType<ITargetTransform>()],
        Weighting = [.. parts.OfType<ILossWeighting>()],
        Auxiliary = [.. parts.OfType<IAuxiliaryTerm>()],
    };
}
