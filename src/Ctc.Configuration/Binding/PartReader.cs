using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>Looks parts up by name and binds their options.</summary>
internal sealed class PartReader(PartCatalog catalog, Binder binder)
{
    public PartChoice Bind(YamlValue value, OptionProperty option) =>
        option.Point!.Selector is { } selector ? BindSelected(value, option, selector) : BindNamed(value, option.Key, option.Point!.Interface);

    /// <summary><c>data: { source: name, option: value }</c>.</summary>
    private PartChoice BindSelected(YamlValue value, OptionProperty option, string selector)
    {
        if (value is not YamlMapping mapping) throw value.Refuse(option.Key, $"a mapping with '{selector}'");

        string expected = $"the name of {Article(option.Point!.Noun)}";
        YamlValue name = mapping[selector]
            ?? throw new ConfigurationException(mapping.Location, $"missing key '{selector}' in {option.Key}; expected {expected}");
        if (name is not YamlScalar { IsNull: false } text) throw name.Refuse(selector, expected);

        PartFactory factory = Find(option.Point!.Interface, text);
        return new PartChoice(factory, factory.Run(() => binder.Record(mapping, factory.Metadata.Options, option.Key, selector)), text.Location);
    }

    /// <summary><c>name</c>, <c>{ name: { option: value } }</c> or <c>{ name: }</c>.</summary>
    /// <param name="value">The part.</param>
    /// <param name="key">The key in messages.</param>
    /// <param name="point">The interface of the extension point.</param>
    public PartChoice BindNamed(YamlValue value, string key, Type point)
    {
        if (PartName.Parse(value) is not { } part)
        {
            string found = value is YamlMapping { Entries.Count: > 1 } several
                ? $"has the keys {string.Join(", ", several.Entries.Select(entry => YamlScalar.Shown(entry.Key.Text)))} side by side"
                : $"is {value.Found}";
            throw new ConfigurationException(value.Location, $"a part in {key} {found}; expected a name, with its options indented below it");
        }

        PartFactory factory = Find(point, part.Key);
        YamlValue body = part.Value is YamlScalar { IsNull: true } ? new YamlMapping(part.Key.Location, []) : part.Value;
        return new PartChoice(factory, factory.Run(() => binder.Record(body, factory.Metadata.Options, part.Key.Text)), part.Key.Location);
    }

    private PartFactory Find(Type point, YamlScalar name)
    {
        try
        {
            return catalog.Find(point, name.Text);
        }
        catch (PluginException absence)
        {
            throw new ConfigurationException(name.Location, absence.Message, absence);
        }
    }

    private static string Article(string noun) => (noun[0] is 'a' or 'e' ? "an " : "a ") + noun;
}
