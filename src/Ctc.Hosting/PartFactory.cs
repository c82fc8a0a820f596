using System.Runtime.CompilerServices;

namespace Ctc.Hosting;

/// <summary>Creates one part from its options: what a name in an experiment stands for.</summary>
/// <param name="point">The extension point: the interface that the part fills.</param>
/// <param name="metadata">What the part says of itself.</param>
/// <param name="origin">The plugin that brought it; null for what the engine has built in.</param>
public abstract class PartFactory(Type point, PartMetadata metadata, PluginFile? origin)
{
    /// <summary>Gets the extension point: the interface that the part fills.</summary>
    public Type Point { get; } = point;

    /// <summary>Gets what the part says of itself.</summary>
    public PartMetadata Metadata { get; } = metadata;

    /// <summary>Gets the plugin that brought the part; null for what is built in.</summary>
    public PluginFile? Origin { get; } = origin;

    /// <summary>Gets whether it has options without a default, so that they must be given.</summary>
    public bool HasRequiredOptions => Metadata.Options.GetProperties().Any(option => option.IsDefined(typeof(RequiredMemberAttribute), inherit: true));

    /// <summary>Creates the part.</summary>
    /// <param name="options">An instance of the options type in the metadata.</param>
    /// <returns>A part that implements <see cref="Point"/>.</returns>
    /// <exception cref="PluginException">The part's constructor failed; the message names the plugin and the cause.</exception>
    public abstract IPart CreatePart(object options);
}

/// <inheritdoc cref="PartFactory"/>
/// <typeparam name="TPoint">The extension point.</typeparam>
/// <param name="metadata">What the part says of itself.</param>
/// <param name="origin">The plugin that brought it; null for what the engine has built in.</param>
/// <param name="create">Makes the part from an instance of its options type.</param>
public sealed class PartFactory<TPoint>(PartMetadata metadata, PluginFile? origin, Func<object, TPoint> create)
    : PartFactory(typeof(TPoint), metadata, origin)
    where TPoint : IPart
{
    /// <inheritdoc cref="PartFactory.CreatePart"/>
    public TPoint Create(object options) => create(options);

    /// <inheritdoc/>
    public override IPart CreatePart(object options) => create(options);
}
