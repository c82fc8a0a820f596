using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>The parts chosen by an experiment or its objective, by extension point in the order of <see cref="ExtensionPoint.All"/>.</summary>
public sealed class PartChoices
{
    private readonly IReadOnlyDictionary<ExtensionPoint, IReadOnlyList<PartChoice>> chosen;

    private PartChoices(IReadOnlyDictionary<ExtensionPoint, IReadOnlyList<PartChoice>> chosen) => this.chosen = chosen;

    /// <summary>Gets an empty choice.</summary>
    public static PartChoices None { get; } = new(new Dictionary<ExtensionPoint, IReadOnlyList<PartChoice>>());

    /// <summary>Gets the parts of all extension points.</summary>
    public IEnumerable<PartChoice> All => ExtensionPoint.All.SelectMany(point => this[point]);

    /// <summary>Gets the parts of an extension point in the order of the file; empty if there are none.</summary>
    /// <param name="point">The extension point.</param>
    public IReadOnlyList<PartChoice> this[ExtensionPoint point] => chosen.GetValueOrDefault(point, []);

    /// <summary>Returns the parts of an extension point.</summary>
    /// <typeparam name="TPoint">The interface of the extension point.</typeparam>
    /// <returns>The parts in the order of the file; empty if there are none.</returns>
    public IReadOnlyList<PartChoice> At<TPoint>()
        where TPoint : IPart => this[ExtensionPoint.From(typeof(TPoint))];

    /// <summary>Returns a copy in which the parts of one extension point are replaced.</summary>
    internal PartChoices With(ExtensionPoint point, IReadOnlyList<PartChoice> parts) =>
        new(new Dictionary<ExtensionPoint, IReadOnlyList<PartChoice>>(chosen) { [point] = parts });
}
