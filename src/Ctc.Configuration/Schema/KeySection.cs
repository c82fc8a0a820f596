using Ctc.Configuration.Binding;

namespace Ctc.Configuration.Schema;

/// <summary>The keys of one section of an experiment's file, in words.</summary>
/// <param name="Path">The keys that lead to it, joined by dots; empty at the top level. A name in capitals stands for any name.</param>
/// <param name="Keys">Its keys, in the order of declaration.</param>
public sealed record KeySection(string Path, IReadOnlyList<OptionDescription> Keys)
{
    /// <summary>Describes all sections; the options of parts are not among their keys.</summary>
    /// <returns>The top level, the sections within it, and <c>sweep</c>.</returns>
    public static IReadOnlyList<KeySection> All() => [.. Within("", typeof(Experiment)), new KeySection(SweepKeys.Section, SweepKeys.All)];

    private static IEnumerable<KeySection> Within(string path, Type record)
    {
        IEnumerable<OptionDescription> keys = OptionDescription.AllOf(record, record.Assembly.Location);
        if (path.Length == 0) keys = keys.Append(SweepKeys.OfSection);
        yield return new KeySection(path, [.. keys]);
        foreach (OptionProperty option in OptionProperty.AllOf(record))
        {
            string inner = path.Length == 0 ? option.Key : $"{path}.{option.Key}";
            IEnumerable<KeySection> sections =
                option.IsSection ? Within(inner, option.Type)
                : OptionProperty.ElementOf(option.Type) is { } item && item.IsAssignableTo(typeof(INamedRecord)) ? Within($"{inner}.NAME", item)
                : [];
            foreach (KeySection section in sections) yield return section;
        }
    }
}
