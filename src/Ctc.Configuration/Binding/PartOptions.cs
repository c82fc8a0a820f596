using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>The options of one part as text, without an experiment around them.</summary>
public static class PartOptions
{
    /// <summary>Parses options as an experiment would.</summary>
    /// <param name="part">Whose they are.</param>
    /// <param name="text">YAML or JSON: a mapping of the part's options.</param>
    /// <param name="name">What messages call the text.</param>
    /// <param name="baseFolder">What relative paths in it are relative to.</param>
    /// <returns>An instance of the part's options type, within its ranges.</returns>
    /// <exception cref="ConfigurationException">The text is no such mapping, or something in it is unknown, missing or out of range.</exception>
    public static object Parse(PartFactory part, string text, string name, string baseFolder)
    {
        ArgumentNullException.ThrowIfNull(part);
        YamlMapping mapping = YamlText.ParseMapping(text, name);
        return new Binder(PartCatalog.Empty, Path.GetFullPath(baseFolder)).Record(mapping, part.Metadata.Options, part.Metadata.Name);
    }

    /// <summary>Writes options so that <see cref="Parse"/> gives the same.</summary>
    /// <param name="options">An instance of a part's options type.</param>
    /// <returns>JSON in one line, which is YAML too: every option, sorted by name.</returns>
    public static string Write(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CanonicalJson.Compact(CanonicalJson.From(options));
    }
}
