using System.Reflection;
using System.Xml.Linq;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of options: values within their ranges, a textual form that round-trips, documentation.</summary>
internal static class OptionChecks
{
    /// <summary>Parses the written options: a value is validated against its range only if it is written, and defaults usually are not.</summary>
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

    /// <summary>The options without a summary in the XML documentation beside the DLL. Null if there is no such file.</summary>
    public static IReadOnlyList<string>? Undocumented(PartTrial trial)
    {
        PropertyInfo[] options = [.. DrawnOptions.Settable(trial.Says.Options)];
        if (options.Length == 0) return [];
        if (trial.Factory.Origin is not { } origin || Path.ChangeExtension(origin.Path, ".xml") is not { } file || !File.Exists(file)) return null;

        HashSet<string> told = [.. Documentation(file).Descendants("member").Where(HasSummary).Select(member => (string)member.Attribute("name")!)];
        return [.. options.Where(option => !told.Contains($"P:{option.DeclaringType!.FullName!.Replace('+', '.')}.{option.Name}"))
            .Select(option => option.Name)];
    }

    private static XDocument Documentation(string file)
    {
        try
        {
            return XDocument.Load(file);
        }
        catch (System.Xml.XmlException damage)
        {
            throw new InvalidDataException($"{file}: {damage.Message.TrimEnd('.')}; expected the XML documentation that a build writes", damage);
        }
    }

    private static bool HasSummary(XElement member) =>
        member.Element("inheritdoc") is not null || !string.IsNullOrWhiteSpace(member.Element("summary")?.Value);

    /// <summary>The reason for rejection, without the position in the text, which is generated.</summary>
    public static string Reason(ConfigurationException refusal) => refusal.Message[$"{refusal.Location}: ".Length..];
}
