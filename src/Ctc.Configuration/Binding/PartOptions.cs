using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>Parses and writes the options of one part, outside an experiment.</summary>
public static class PartOptions
{
    /// <summary>Parses options by the rules that apply in an experiment.</summary>
    /// <param name="part">The part that has the options.</param>
    /// <param name="text">YAML or JSON: a mapping of the part's options.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <param name="baseFolder">The folder that relative paths in the text start from.</param>
    /// <returns>An instance of the part's options type, within its ranges.</returns>
    /// <exception cref="ConfigurationException">The text is not such a mapping, or an option is unknown, missing or out of range.</exception>
    public static object Parse(PartFactory part, string text, string name, string baseFolder)
    {
        ArgumentNullException.ThrowIfNull(part);
        YamlMapping mapping = YamlText.ParseMapping(text, name);
        return new Binder(EngineParts.Catalog, Path.GetFullPath(baseFolder)).Record(mapping, part.Metadata.Options, part.Metadata.Name);
    }

    /// <summary>Writes options as text from which <see cref="Parse"/> restores equal options.</summary>
    /// <param name="options">An instance of a part's options type.</param>
    /// <returns>One line of JSON, which is also YAML: every option, sorted by name.</returns>
    public static string Write(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CanonicalJson.Compact(CanonicalJson.From(options));
    }
}
