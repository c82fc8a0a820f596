using Ctc.Engine.Topologies;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Configuration;

/// <summary>The topologies of the engine as parts: <c>ctc</c>, <c>modified</c>, <c>no-blank</c>, <c>selfless</c> and <c>graph</c>.</summary>
public static class EngineTopologies
{
    /// <summary>Gets a factory for each topology.</summary>
    public static IReadOnlyList<PartFactory> Factories { get; } =
    [
        Factory(() => new CtcTopology()),
        Factory(() => new ModifiedTopology()),
        Factory(() => new NoBlankTopology()),
        Factory(() => new SelflessTopology()),
        Factory(() => new GraphTopology()),
    ];

    /// <summary>Registers the topologies, and the <see cref="PartCatalog"/> over all registered parts.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcEngine(this IServiceCollection services) => services.AddCtcParts(Factories);

    private static PartFactory<ITopology> Factory<TTopology>(Func<TTopology> create)
        where TTopology : ITopology => new(new PartMetadata(typeof(TTopology)), null, _ => create());
}
