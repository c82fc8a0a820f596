namespace Ctc.Experiments.Configuration;

/// <summary>Reads <c>a.b=value</c> as the mapping <c>{a: {b: value}}</c>, to be laid over an experiment. The value is YAML.</summary>
internal static class Override
{
    public static YamlMapping Parse(string text)
    {
        YamlLocation location = new($"override '{YamlScalar.Shown(text)}'");
        string[] sides = text.Split('=', 2);
        if (sides.Length < 2) throw new ConfigurationException(location, "there is no '='; expected key=value");

        string[] keys = sides[0].Split('.', StringSplitOptions.TrimEntries);
        if (keys.Contains(""))
        {
            throw new ConfigurationException(location, $"the key is '{YamlScalar.Shown(sides[0])}'; expected names joined by dots");
        }

        YamlValue value = YamlText.ParseOverride(sides[1], location) ?? new YamlScalar(location, "", Plain: true);
        return (YamlMapping)keys.Reverse().Aggregate(value, (inner, key) => Under(key, inner));
    }

    private static YamlMapping Under(string key, YamlValue value) =>
        new(value.Location, [new YamlEntry(new YamlScalar(value.Location, key, Plain: true), value)]);
}
