using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>A part that an experiment chose, with its options.</summary>
/// <param name="Factory">The factory of the part.</param>
/// <param name="Options">An instance of the options type in the factory's metadata, within its ranges.</param>
/// <param name="Location">The position of its name.</param>
public sealed record PartChoice(PartFactory Factory, object Options, YamlLocation Location)
{
    /// <summary>Creates the part.</summary>
    /// <typeparam name="TPoint">The extension point of the factory.</typeparam>
    /// <returns>A new part; the caller disposes it if it is disposable.</returns>
    /// <exception cref="PluginException">The part's constructor failed.</exception>
    public TPoint Create<TPoint>()
        where TPoint : IPart => (TPoint)Factory.CreatePart(Options);
}
