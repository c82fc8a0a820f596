using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>The summaries of options in the XML documentation beside a DLL.</summary>
internal sealed class OptionSummaries
{
    private const int MostBytes = 1 << 24;
    private const int MostReferences = 8;

    // One file describes the options of many parts.
    private static readonly ConcurrentDictionary<string, (DateTime Written, OptionSummaries Summaries)> Parsed = new();

    private readonly Dictionary<string, XElement> members;

    private OptionSummaries(Dictionary<string, XElement> members) => this.members = members;

    /// <summary>Loads the documentation.</summary>
    /// <param name="dll">The path of a DLL.</param>
    /// <returns>The summaries; none if there is no documentation, or if it is damaged.</returns>
    public static OptionSummaries Load(string dll)
    {
        string file = Path.ChangeExtension(dll, ".xml");
        try
        {
            if (!File.Exists(file) || RegularFile.IsHollow(file) || new FileInfo(file).Length > MostBytes) return new OptionSummaries([]);
            DateTime written = File.GetLastWriteTimeUtc(file);
            if (Parsed.TryGetValue(file, out var parsed) && parsed.Written == written) return parsed.Summaries;
            var summaries = new OptionSummaries(XDocument.Load(file).Descendants("member")
                .Where(member => member.Attribute("name") is not null)
                .GroupBy(member => member.Attribute("name")!.Value)
                .ToDictionary(member => member.Key, member => member.First()));
            Parsed[file] = (written, summaries);
            return summaries;
        }
        catch (Exception failure) when (failure is XmlException or IOException or UnauthorizedAccessException)
        {
            return new OptionSummaries([]);
        }
    }

    /// <summary>Finds the summary of a property.</summary>
    /// <param name="type">The type of the options; those that it derives from are searched too.</param>
    /// <param name="property">The name of the property.</param>
    /// <returns>One line without "Gets"; empty if there is none.</returns>
    public string Find(Type type, string property)
    {
        for (Type? declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            if (Summary($"P:{declaring.FullName?.Replace('+', '.')}.{property}", MostReferences) is { } found) return Line(found);
        }

        return "";
    }

    // A reference leads to a member of the same DLL.
    private XElement? Summary(string name, int references)
    {
        if (references == 0 || !members.TryGetValue(name, out XElement? member)) return null;
        return member.Element("summary")
            ?? (member.Element("inheritdoc")?.Attribute("cref") is { } other ? Summary(other.Value, references - 1) : null);
    }

    private static string Line(XElement summary)
    {
        string text = string.Join(' ', string.Concat(summary.Nodes().Select(Text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.StartsWith("Gets ", StringComparison.Ordinal)) text = text["Gets ".Length..];
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
    }

    // A reference has no text of its own: its last name is shown, and of a property the key.
    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true, FirstAttribute: { } name } => LastName(name.Value),
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    private static string LastName(string reference)
    {
        string name = reference.Split('.', ':')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? KebabCase.From(name) : name;
    }
}
