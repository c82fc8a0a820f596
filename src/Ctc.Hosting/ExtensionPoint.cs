namespace Ctc.Hosting;

/// <summary>The extension points that plugins can fill, in the order in which an experiment names them.</summary>
/// <param name="Interface">The interface that a part implements.</param>
/// <param name="Noun">What a message calls such a part.</param>
public sealed record ExtensionPoint(Type Interface, string Noun)
{
    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<ExtensionPoint> All { get; } =
    [
        new(typeof(IDataSource), "data source"),
        new(typeof(IEncoder), "encoder"),
        new(typeof(ITopology), "topology"),
        new(typeof(IEmissionTransform), "emission transform"),
        new(typeof(ILatticeTransform), "lattice transform"),
        new(typeof(ITargetTransform), "target transform"),
        new(typeof(ILossWeighting), "loss weighting"),
        new(typeof(IAuxiliaryTerm), "auxiliary term"),
    ];

    /// <summary>The extension point of an interface.</summary>
    /// <param name="point">One of those interfaces.</param>
    /// <returns>Its description.</returns>
    public static ExtensionPoint Of(Type point) => All.First(candidate => candidate.Interface == point);
}
