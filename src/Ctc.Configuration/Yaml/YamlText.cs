using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace Ctc.Configuration.Yaml;

/// <summary>Parses one YAML document. Anchors and aliases are supported; tags, merge keys and a second document are errors.</summary>
internal sealed class YamlText
{
    private const int DeepestNesting = 50;

    // Counted as often as aliases repeat them.
    private const int MostValues = 100_000;

    private readonly string text;
    private readonly Scanner scanner;
    private readonly Parser events;
    private readonly Func<Mark, YamlLocation> locate;
    private readonly Dictionary<AnchorName, (YamlValue Value, int Count)> anchors = [];
    private int count;

    private YamlText(string text, Func<Mark, YamlLocation> locate)
    {
        this.text = text;
        scanner = new Scanner(new StringReader(text));
        events = new Parser(scanner);
        this.locate = locate;
    }

    /// <summary>Parses the text of a file, with line and column of each value.</summary>
    public static YamlValue? ParseFile(string text, string name) => new YamlText(text, At(name)).Document();

    /// <summary>Parses text that must be one mapping.</summary>
    public static YamlMapping ParseMapping(string text, string name) => ParseFile(text, name) switch
    {
        YamlMapping mapping => mapping,
        null or YamlScalar { IsNull: true } => throw new ConfigurationException(new YamlLocation(name, 1, 1), "there is nothing; expected a mapping"),
        YamlValue other => throw new ConfigurationException(other.Location, $"found {other.Found}; expected a mapping"),
    };

    /// <summary>Parses the value of an override. It is short, so every value has the location of the override.</summary>
    public static YamlValue? ParseOverride(string text, YamlLocation location) => new YamlText(text, _ => location).Document();

    private static Func<Mark, YamlLocation> At(string name) => mark => new YamlLocation(name, (int)mark.Line, (int)mark.Column);

    /// <summary>The root of the document; null if the text is empty or only comments.</summary>
    private YamlValue? Document()
    {
        RefuseNul();
        try
        {
            events.Consume<StreamStart>();
            if (events.Accept<StreamEnd>(out _)) return null;
            events.Consume<DocumentStart>();
            YamlValue root = Value(DeepestNesting);
            events.Consume<DocumentEnd>();
            if (events.Accept<DocumentStart>(out DocumentStart? second)) throw Fault(second, "a second document starts here; expected one document");
            return root;
        }
        catch (YamlException fault)
        {
            string found = fault.Message.TrimEnd('.').Replace("  ", " ", StringComparison.Ordinal);

            // A message about a tab has the start of the mapping that it is in.
            Mark at = found.Contains("tab", StringComparison.Ordinal) ? scanner.CurrentPosition : fault.Start;
            throw new ConfigurationException(locate(at), $"{char.ToLowerInvariant(found[0])}{found[1..]}; expected well-formed YAML", fault);
        }
        catch (ArgumentOutOfRangeException fault)
        {
            // The scanner throws this for two escapes of surrogates that are no pair.
            throw new ConfigurationException(locate(scanner.CurrentPosition), "found half of a surrogate pair; expected text", fault);
        }
        catch (InvalidOperationException fault)
        {
            // The scanner throws this if a continuation line inside brackets is not indented.
            const string message = "found text that is not indented enough; expected well-formed YAML";
            throw new ConfigurationException(locate(scanner.CurrentPosition), message, fault);
        }
    }

    // The scanner takes it for the end of a word.
    private void RefuseNul()
    {
        int at = text.IndexOf('\0', StringComparison.Ordinal);
        if (at < 0) return;
        ReadOnlySpan<char> before = text.AsSpan(0, at);
        var mark = new Mark(at, before.Count('\n') + 1, at - before.LastIndexOf('\n'));
        throw new ConfigurationException(locate(mark), "found the character U+0000; expected text");
    }

    private YamlValue Value(int depth)
    {
        int before = count;
        ParsingEvent start = events.Consume<ParsingEvent>();
        if (start is AnchorAlias alias)
        {
            if (!anchors.TryGetValue(alias.Value, out (YamlValue Value, int Count) anchor))
            {
                throw Fault(start, $"the alias '*{alias.Value}' has no finished anchor before it; expected one");
            }

            Count(start, anchor.Count);
            return anchor.Value;
        }

        if (start is not NodeEvent node) throw Fault(start, "a key or a value is missing before this; expected one");
        if (!node.Tag.IsEmpty) throw Fault(node, $"found the tag '{node.Tag}'; expected a value without a tag");
        if (depth == 0) throw Fault(node, $"the nesting is deeper than {DeepestNesting} levels; expected less");

        Count(node, 1);
        YamlValue value = node switch
        {
            Scalar scalar => new YamlScalar(locate(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlList(locate(node.Start), Items(depth - 1)),
            _ => new YamlMapping(locate(node.Start), Entries(depth - 1)),
        };
        if (!node.Anchor.IsEmpty) anchors[node.Anchor] = (value, count - before);
        return value;
    }

    private void Count(ParsingEvent at, int values)
    {
        if (values > MostValues - count) throw Fault(at, $"with this, there are more than {MostValues} values, aliases included; expected fewer");
        count += values;
    }

    private List<YamlValue> Items(int depth)
    {
        List<YamlValue> items = [];
        while (!events.TryConsume<SequenceEnd>(out _)) items.Add(Value(depth));
        return items;
    }

    private List<YamlEntry> Entries(int depth)
    {
        Dictionary<string, YamlLocation> seen = [];
        List<YamlEntry> entries = [];
        while (!events.TryConsume<MappingEnd>(out _))
        {
            YamlValue found = Value(depth);
            if (found is YamlScalar { Text: "<<", Plain: true })
            {
                throw new ConfigurationException(found.Location, "found the merge key '<<', which is not supported; expected the keys written out");
            }

            if (found is not YamlScalar key) throw new ConfigurationException(found.Location, $"a key is {found.Found}; expected text");
            if (!seen.TryAdd(key.Text, key.Location))
            {
                string before = seen[key.Text].Line > 0 ? $", and it is in line {seen[key.Text].Line} already" : "";
                throw new ConfigurationException(key.Location, $"the key '{YamlScalar.Shown(key.Text)}' occurs twice; expected it once{before}");
            }

            entries.Add(new YamlEntry(key, Value(depth)));
        }

        return entries;
    }

    private ConfigurationException Fault(ParsingEvent at, string message) => new(locate(at.Start), message);
}
