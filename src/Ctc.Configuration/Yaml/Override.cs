namespace Ctc.Configuration.Yaml;

/// <summary>Parses <c>a.b=value</c> to the mapping <c>{a: {b: value}}</c>, which is merged into an experiment. The value is YAML.</summary>
internal static class Override
{
    public static YamlMapping Parse(string text)
    {
        YamlLocation location = new($"override '{YamlScalar.Shown(text)}'");
        string[] sides = text.Split('=', 2);
        if (sides.Length < 2) throw new ConfigurationException(location, "there is no '='; expected key=value");

        return From(sides[0], YamlText.ParseOverride(sides[1], location) ?? new YamlScalar(location, "", Plain: true));
    }

    /// <summary>Creates the mapping that sets one value.</summary>
    /// <param name="path">Names joined by dots.</param>
    /// <param name="value">The value; its location is that of error messages.</param>
    public static YamlMapping From(string path, YamlValue value)
    {
        string[] keys = path.Split('.', StringSplitOptions.TrimEntries);
        if (keys.Contains(""))
        {
            throw new ConfigurationException(value.Location, $"the key is '{YamlScalar.Shown(path)}'; expected names joined by dots");
        }

        return (YamlMapping)keys.Reverse().Aggregate(value, (inner, key) => Under(key, inner));
    }

    private static YamlMapping Under(string key, YamlValue value) =>
        new(value.Location, [new YamlEntry(new YamlScalar(value.Location, key, Plain: true), value)]);
}
