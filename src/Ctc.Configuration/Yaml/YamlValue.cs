using System.Text.Json.Nodes;

namespace Ctc.Configuration.Yaml;

/// <summary>A YAML value with its source location, which merges preserve.</summary>
internal abstract record YamlValue(YamlLocation Location)
{
    /// <summary>Gets the value as shown in a message.</summary>
    public abstract string Found { get; }

    /// <summary>The value without its location. Plain text is parsed to null, a Boolean, a number or a string.</summary>
    public abstract JsonNode? ToJson();

    public ConfigurationException Refuse(string key, string expected) => new(Location, $"{key} is {Found}; expected {expected}");
}

/// <summary>A scalar, interpreted when bound: only plain text can be other than a string.</summary>
internal sealed record YamlScalar(YamlLocation Location, string Text, bool Plain) : YamlValue(Location)
{
    private const int LongestShown = 60;

    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Found => IsNull || Text.Length == 0 ? "empty" : Plain ? Shown(Text) : $"\"{Shown(Text)}\"";

    public override JsonNode? ToJson() =>
        IsNull ? null
        : ScalarReader.Parse(this, typeof(bool)) is bool truth ? truth
        : ScalarReader.Parse(this, typeof(long)) is long whole ? whole
        : ScalarReader.Parse(this, typeof(double)) is double number ? number
        : Text;

    /// <summary>Shortens text for a message of one line.</summary>
    public static string Shown(string text)
    {
        string line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= LongestShown ? line : line[..LongestShown] + "…";
    }
}

internal sealed record YamlList(YamlLocation Location, IReadOnlyList<YamlValue> Items) : YamlValue(Location)
{
    public override string Found => "a list";

    public override JsonNode ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
}

internal sealed record YamlMapping(YamlLocation Location, IReadOnlyList<YamlEntry> Entries) : YamlValue(Location)
{
    public override string Found => "a mapping";

    public override JsonNode ToJson() => new JsonObject(Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, entry.Value.ToJson())));

    public YamlValue? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

    /// <summary>Replaces the value of a key, or appends the entry if the key is absent.</summary>
    public YamlMapping With(YamlEntry added) => Entries.Any(entry => entry.Key.Text == added.Key.Text)
        ? this with { Entries = [.. Entries.Select(entry => entry.Key.Text == added.Key.Text ? added : entry)] }
        : this with { Entries = [.. Entries, added] };
}

internal sealed record YamlEntry(YamlScalar Key, YamlValue Value);
