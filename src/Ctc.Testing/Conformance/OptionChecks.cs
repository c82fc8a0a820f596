using System.Reflection;
using System.Xml.Linq;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;

namespace Ctc.Testing.Conformance;

/// <summary>What a part's options promise: values within their ranges, a text that reads back, a word on each.</summary>
internal static class OptionChecks
{
    /// <summary>Reads what was written: that alone holds every value against its range, for a default that nobody writes is not looked at.</summary>
    public static string? ReadBack(PartTrial trial)
    {
        foreach (Setting setting in trial.Settings)
        {
            string written = PartOptions.Write(setting.Options);
            try
            {
                string again = PartOptions.Write(PartTrial.Read(trial.Factory, written));
                if (again != written) return $"written as {written}, they read back as {again}";
            }
            catch (ConfigurationException refusal)
            {
                return $"{setting.Name} are refused: {Reason(refusal)}";
            }
        }

        return null;
    }

    /// <summary>The options without a summary in the XML documentation, which lies beside the DLL. Null where there is no such file.</summary>
    public static IReadOnlyList<string>? Undocumented(PartTrial trial)
    {
        PropertyInfo[] options = [.. DrawnOptions.Settable(trial.Says.Options)];
        if (options.Length == 0) return [];
        if (trial.Factory.Origin is not { } origin || Path.ChangeExtension(origin.Path, ".xml") is not { } file || !File.Exists(file)) return null;

        HashSet<string> told = [.. XDocument.Load(file).Descendants("member").Where(HasSummary).Select(member => (string)member.Attribute("name")!)];
        return [.. options.Where(option => !told.Contains($"P:{option.DeclaringType!.FullName!.Replace('+', '.')}.{option.Name}"))
            .Select(option => option.Name)];
    }

    private static bool HasSummary(XElement member) =>
        member.Element("inheritdoc") is not null || !string.IsNullOrWhiteSpace(member.Element("summary")?.Value);

    /// <summary>What was refused, without where in the text, which the user never saw.</summary>
    public static string Reason(ConfigurationException refusal) => refusal.Message[$"{refusal.Location}: ".Length..];
}
