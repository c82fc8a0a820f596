namespace Ctc.Configuration.Yaml;

/// <summary>Parses <c>a.b=value</c> to the mapping <c>{a: {b: value}}</c>, which is merged into an experiment. The value is YAML.</summary>
internal static class Override
{
    public static YamlMapping Parse(string text)
    {
        YamlLocation location = Location(text);
        return From(KeysOf(text), YamlText.ParseOverride(text.Split('=', 2)[1], location) ?? new YamlScalar(location, "", Plain: true));
    }

    /// <summary>The keys of an override: <c>a</c> and <c>b</c> of <c>a.b=value</c>.</summary>
    /// <exception cref="ConfigurationException">The text has no equals sign, or its left side is no path.</exception>
    public static string[] KeysOf(string text)
    {
        string[] sides = text.Split('=', 2);
        return sides.Length == 2 ? KeyPath.Split(sides[0], Location(text))
            : throw new ConfigurationException(Location(text), "there is no '='; expected key=value");
    }

    /// <summary>The location of an override in messages.</summary>
    public static YamlLocation Location(string text) => new($"override '{YamlScalar.Shown(text)}'") { IsOverride = true };

    /// <summary>Creates the mapping that sets one value.</summary>
    /// <param name="path">Names joined by dots.</param>
    /// <param name="value">The value; its location is that of error messages.</param>
    public static YamlMapping From(string path, YamlValue value) => From(KeyPath.Split(path, value.Location), value);

    /// <summary>Refuses an override whose keys are pieces of a key with dots that a document has.</summary>
    /// <exception cref="ConfigurationException">They are; the message has the path with quotes.</exception>
    public static void RefusePieces(YamlMapping document, string text)
    {
        string[] keys = KeysOf(text);
        YamlValue? at = document;
        for (int i = 0; i < keys.Length && at is YamlMapping mapping; i++)
        {
            at = mapping[keys[i]];
            if (at is not null) continue;
            for (int end = keys.Length; end > i + 1; end--)
            {
                string whole = string.Join('.', keys[i..end]);
                if (mapping[whole] is null) continue;
                string path = KeyPath.Join([.. keys[..i], whole, .. keys[end..]]);
                throw new ConfigurationException(
                    Location(text), $"'{YamlScalar.Shown(whole)}' is one key with dots; expected it in quotes, {YamlScalar.Shown(path)}");
            }
        }
    }

    private static YamlMapping From(string[] keys, YamlValue value) =>
        (YamlMapping)keys.Reverse().Aggregate(value, (inner, key) => Under(key, inner));

    private static YamlMapping Under(string key, YamlValue value) =>
        new(value.Location, [new YamlEntry(new YamlScalar(value.Location, key, Plain: true), value)]);
}
