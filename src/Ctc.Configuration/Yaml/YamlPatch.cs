using Ctc.Hosting;

namespace Ctc.Configuration.Yaml;

/// <summary>Merges one experiment into another: mappings merge, lists and scalars are replaced.</summary>
/// <remarks>
/// Parts have two rules. A mapping merged into a list of parts changes the parts with its keys as names. A mapping that chooses another part or
/// another schedule drops the options of the previous one.
/// </remarks>
internal static class YamlPatch
{
    private static readonly Dictionary<string, ExtensionPoint> Points = ExtensionPoint.All.ToDictionary(point => point.Path);

    private const string Objective = "objective", Heads = "objective.heads";

    private static readonly HashSet<string> Schedules =
        [.. EngineParts.Factories.Where(part => part.Point == typeof(ISchedule)).Select(part => part.Metadata.Name)];

    public static YamlMapping Apply(YamlMapping document, YamlMapping patch) => Merge(document, patch, path: "");

    /// <summary>Whether all parts changed by a patch exist.</summary>
    public static bool Reaches(YamlMapping document, YamlMapping patch) => Reaches(document, patch, path: "");

    private static bool Reaches(YamlValue? under, YamlValue over, string path)
    {
        if (over is not YamlMapping mapping) return true;
        YamlValue[] items = [.. (under as YamlList)?.Items ?? []];
        List<string> addresses = IsPartList(path) ? Addresses(items) : [];
        return mapping.Entries.All(entry => IsPartList(path)
            ? addresses.IndexOf(entry.Key.Text) is >= 0 and var i
                && Reaches(PartName.Parse(items[i])?.Value, entry.Value, Joined(path, entry))
            : Reaches((under as YamlMapping)?[entry.Key.Text], entry.Value, Joined(path, entry)));
    }

    /// <summary>For each part in the lists of the objective, a patch that removes it, under the name of the part.</summary>
    public static IEnumerable<(string Name, YamlMapping Patch)> LeaveOneOut(YamlMapping document)
    {
        foreach (YamlEntry point in (document[Objective] as YamlMapping)?.Entries ?? [])
        {
            string path = $"{Objective}.{point.Key.Text}";
            if (!IsPartList(path) || point.Value is not YamlList list) continue;
            List<string> names = Addresses([.. list.Items]);
            for (int i = 0; i < names.Count; i++)
            {
                YamlList others = list with { Items = [.. list.Items.Where((_, k) => k != i)] };
                yield return ($"without-{names[i].Replace('#', '-')}", Override.From(path, others));
            }
        }
    }

    private static YamlMapping Merge(YamlValue? under, YamlMapping over, string path)
    {
        YamlMapping merged = under as YamlMapping ?? new YamlMapping(over.Location, []);
        if (ChoosesAnother(merged, over, path)) merged = merged with { Entries = [] };

        foreach (YamlEntry entry in over.Entries)
        {
            merged = merged.With(entry with { Value = Replace(merged[entry.Key.Text], entry.Value, Joined(path, entry)) });
        }

        return merged;
    }

    // Names of plugins' schedules are not known here: one of two that differ must be known.
    private static bool ChoosesAnother(YamlMapping under, YamlMapping over, string path) =>
        CanBeSchedule(path) && under.Entries is [YamlEntry old] && over.Entries is [YamlEntry kind]
            ? old.Key.Text != kind.Key.Text && (Schedules.Contains(old.Key.Text) || Schedules.Contains(kind.Key.Text))
            : Chosen(under, path) is { } below && Chosen(over, path) is { } above && below != above;

    private static YamlValue Replace(YamlValue? under, YamlValue over, string path) => over switch
    {
        YamlMapping parts when IsPartList(path) => MergeParts(under as YamlList ?? new YamlList(over.Location, []), parts, path),
        YamlMapping mapping => Merge(under, mapping, path),
        _ => over,
    };

    /// <summary>The name of the part that a mapping chooses; null if there is none.</summary>
    private static string? Chosen(YamlMapping mapping, string path) =>
        PointAt(path) is { IsList: false, Selector: null }
            ? mapping.Entries.Select(entry => entry.Key.Text).FirstOrDefault()
        : PointAt(path) is { Selector: { } selector } ? (mapping[selector] as YamlScalar)?.Text
        : null;

    private static bool IsPartList(string path) => path == Heads || PointAt(path) is { IsList: true };

    // SECTION.POINT.PART.OPTION, or POINT.PART.OPTION at the top level, or the weight of a loss
    private static bool CanBeSchedule(string path) => OfObjective(path).Split('.') is var keys
        && (keys is [Objective, "weight"]
            || (keys is [.. var point, _, _] && Points.GetValueOrDefault(string.Join('.', point)) is { Selector: null }));

    private static ExtensionPoint? PointAt(string path) => Points.GetValueOrDefault(OfObjective(path));

    // The keys of a head, objective.heads.NAME.KEY, are those of the objective.
    private static string OfObjective(string path) =>
        path.Split('.') is [Objective, "heads", _, .. var keys] ? string.Join('.', [Objective, .. keys]) : path;

    private static string Joined(string path, YamlEntry entry) => path.Length == 0 ? entry.Key.Text : $"{path}.{entry.Key.Text}";

    private static YamlList MergeParts(YamlList under, YamlMapping over, string path)
    {
        YamlValue[] items = [.. under.Items];
        List<string> addresses = Addresses(items);
        foreach (YamlEntry entry in over.Entries)
        {
            string address = entry.Key.Text;
            int index = addresses.IndexOf(address);
            if (index < 0 || PartName.Parse(items[index]) is not { } part)
            {
                string message = $"{path} has no part '{YamlScalar.Shown(address)}'; {Choices(address, addresses)}";
                throw new ConfigurationException(entry.Key.Location, message);
            }

            YamlValue options = Replace(part.Value, entry.Value, $"{path}.{part.Key.Text}");
            items[index] = new YamlMapping(items[index].Location, [part with { Value = options }]);
        }

        return under with { Items = items };
    }

    /// <summary>The names of parts; a name that occurs several times is followed by #1, #2 and so on.</summary>
    private static List<string> Addresses(YamlValue[] items)
    {
        string[] names = [.. items.Select(item => PartName.Parse(item)?.Key.Text ?? "")];
        return [.. names.Select((name, i) => Count(name, names.Length) == 1 ? name : $"{name}#{Count(name, i + 1)}")];

        int Count(string name, int among) => names.Take(among).Count(other => other == name);
    }

    private static string Choices(string given, List<string> addresses) =>
        addresses.Where(address => address.StartsWith(given + "#", StringComparison.Ordinal)).ToArray() is { Length: > 0 } same
            ? $"expected one of {string.Join(", ", same)}"
            : NearestName.Suggest(given, addresses);
}
