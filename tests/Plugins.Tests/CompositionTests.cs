using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Parts do not know of one another, and work together.</summary>
[NoTensorLeaks]
public class CompositionTests
{
    [Test]
    public void Any_two_parts_together_have_the_gradient_of_their_formula([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IPart[] parts =
        [
            DiscoveredPart.Create<ITargetTransform>("label-smoothing", "epsilon: 0.2"),
            DiscoveredPart.Create<ITargetTransform>("reweighting", "balance: 0.6, key-frames: 2"),
            DiscoveredPart.Create<ITargetTransform>("reweighting", "form: focal-frame, key-frames: 1"),
            DiscoveredPart.Create<ILossWeighting>("focal", "gamma: 2"),
            DiscoveredPart.Create<ILossWeighting>("focal", "alpha: 2, gamma: 0.5"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.3"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.1, direction: uniform-to-model"),
        ];
        foreach (IPart one in parts)
        {
            foreach (IPart other in parts.Where(other => other != one)) Gradients.AssertTrue(Compose(one, other), RandomCase.Draw(seed, longest: 4));
        }
    }

    [Test]
    public void All_parts_together_have_the_gradient_of_their_formula([Range(0, 29)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts all = Compose(
            DiscoveredPart.Create<ITargetTransform>("label-smoothing"),
            DiscoveredPart.Create<ITargetTransform>("reweighting"),
            DiscoveredPart.Create<ILossWeighting>("focal"),
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl"));
        Gradients.AssertTrue(all, RandomCase.Draw(seed));
    }

    private static ObjectiveParts Compose(params IPart[] parts) => new()
    {
        Targets = [.. parts.OfType<ITargetTransform>()],
        Weighting = [.. parts.OfType<ILossWeighting>()],
        Auxiliary = [.. parts.OfType<IAuxiliaryTerm>()],
    };
}
