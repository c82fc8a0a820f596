using System.Reflection;

namespace Ctc.Hosting;

/// <summary>Creates one part from its options: an experiment refers to it by name.</summary>
/// <param name="point">The interface of the extension point, which the part implements.</param>
/// <param name="metadata">The metadata of the part, from its attribute.</param>
/// <param name="origin">The plugin that exports the part; null for a built-in part.</param>
public abstract class PartFactory(Type point, PartMetadata metadata, PluginFile? origin)
{
    /// <summary>Gets the interface of the extension point, which the part implements.</summary>
    public Type Point { get; } = point;

    /// <summary>Gets the metadata of the part, from its attribute.</summary>
    public PartMetadata Metadata { get; } = metadata;

    /// <summary>Gets the plugin that exports the part; null for a built-in part.</summary>
    public PluginFile? Origin { get; } = origin;

    /// <summary>Gets whether it has options without a default, so that they must be given.</summary>
    public bool HasRequiredOptions => Metadata.Options.GetProperties().Any(IsRequired);

    /// <summary>Gets what observes the creation of the part and its options; null for a built-in part.</summary>
    internal PluginWatch? Watch { get; init; }

    /// <summary>Runs code of the plugin that creates the part or its options.</summary>
    internal T Run<T>(Func<T> code) => Watch is null ? code() : Watch.Run(this, code);

    /// <summary>Whether a property has the keyword <c>required</c>.</summary>
    /// <remarks>The attribute is compared by name: some packages define a public one of the same name for older runtimes.</remarks>
    internal static bool IsRequired(PropertyInfo option) =>
        option.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == "System.Runtime.CompilerServices.RequiredMemberAttribute");

    /// <summary>Creates the part.</summary>
    /// <param name="options">An instance of the options type in the metadata.</param>
    /// <returns>A part that implements <see cref="Point"/>.</returns>
    /// <exception cref="PluginException">The part's constructor failed; the message names the plugin and the cause.</exception>
    public abstract IPart CreatePart(object options);
}

/// <inheritdoc cref="PartFactory"/>
/// <typeparam name="TPoint">The extension point.</typeparam>
/// <param name="metadata">The metadata of the part, from its attribute.</param>
/// <param name="origin">The plugin that exports the part; null for a built-in part.</param>
/// <param name="create">Creates the part from an instance of its options type.</param>
public sealed class PartFactory<TPoint>(PartMetadata metadata, PluginFile? origin, Func<object, TPoint> create)
    : PartFactory(typeof(TPoint), metadata, origin)
    where TPoint : IPart
{
    /// <inheritdoc cref="PartFactory.CreatePart"/>
    public TPoint Create(object options) => Run(() => create(options));

    /// <inheritdoc/>
    public override IPart CreatePart(object options) => Create(options);
}
