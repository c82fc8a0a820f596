using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>An experiment with a section <c>sweep</c>, expanded into the runs to compare.</summary>
/// <remarks>Each layer overrides the previous ones: the file, the variant, the grid point, the command line, the seed.</remarks>
public sealed partial class SweepFile
{
    private const string Key = "sweep", Variant = "variant", Seed = "seed", Complete = "full";

    private static readonly string[] Keys = ["baseline", "seeds", "variants", "grid", "exclude", "ablate"];

    private readonly YamlMapping section;
    private readonly IReadOnlyList<YamlScalar> seeds;
    private readonly List<string> notes = [];

    private SweepFile(ExperimentFile experiment, YamlMapping section, IReadOnlyList<string> overrides)
    {
        this.section = section;
        Experiment = experiment;
        foreach (YamlEntry entry in section.Entries.Where(entry => !Keys.Contains(entry.Key.Text)))
        {
            throw new ConfigurationException(
                entry.Key.Location, $"unknown key '{YamlScalar.Shown(entry.Key.Text)}' in sweep; {NearestName.Suggest(entry.Key.Text, Keys)}");
        }

        Dictionary<string, YamlMapping> variants = Variants();
        Baseline = ReadBaseline([.. variants.Keys]);
        seeds = Seeds();
        SweepPoint[] points = [.. variants.SelectMany(variant => Expand(variant.Key, variant.Value, overrides))];
        RefuseUnreached(points);
        Points = Excluded(points);
    }

    /// <summary>Gets the experiment before any variant, grid point or seed is applied.</summary>
    public ExperimentFile Experiment { get; }

    /// <summary>Gets the name of the variant to compare the others with.</summary>
    public string Baseline { get; }

    /// <summary>Gets the runs, by variant, grid point and seed, each in the order of the file.</summary>
    public IReadOnlyList<SweepPoint> Points { get; }

    /// <summary>Gets notes for the user, such as variants to which the grid does not apply.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Expands an experiment into the runs of its sweep.</summary>
    /// <param name="file">An experiment with a section <c>sweep</c>.</param>
    /// <param name="overrides">Overrides <c>key=value</c>. Keys that start with <c>sweep.</c> change the sweep, all others change each run.</param>
    /// <returns>The runs, their parts not looked up yet.</returns>
    /// <exception cref="ConfigurationException">The file or an override is wrong.</exception>
    public static SweepFile Expand(ExperimentFile file, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(file);
        ILookup<bool, string> ofSweep = overrides.ToLookup(text => text.StartsWith(Key + ".", StringComparison.Ordinal));
        file = file.With([.. ofSweep[true]]);
        YamlMapping section = file.Document[Key] as YamlMapping
            ?? throw new ConfigurationException(
                file.Document.Location, "there is no section 'sweep'; expected one with variants, a grid, or ablate: true");
        return new SweepFile(file, section, [.. ofSweep[false]]);
    }

    private Dictionary<string, YamlMapping> Variants()
    {
        var variants = new Dictionary<string, YamlMapping>();
        foreach (YamlEntry entry in Mapping("variants").Entries)
        {
            if (!NameForm().IsMatch(entry.Key.Text))
            {
                throw new ConfigurationException(
                    entry.Key.Location, $"a variant is called '{YamlScalar.Shown(entry.Key.Text)}'; expected lower-case letters, digits and + . _ -");
            }

            variants.Add(entry.Key.Text, OrEmpty(entry.Value) ?? throw entry.Value.Refuse(entry.Key.Text, "a mapping to lay over the experiment"));
        }

        if (Ablates())
        {
            foreach ((string name, YamlMapping change) in YamlPatch.LeaveOneOut(Experiment.Document).Prepend((Complete, Nothing(section.Location))))
            {
                if (!variants.TryAdd(name, change)) throw section["ablate"]!.Refuse("ablate", $"no variant called {name}, which ablate makes");
            }
        }

        if (variants.Count == 0 && section["grid"] is not null) variants.Add(Experiment.Name, Nothing(section.Location));
        if (variants.Count == 0)
        {
            throw new ConfigurationException(section.Location, "the sweep compares nothing; expected variants, a grid, or ablate: true");
        }

        return variants;
    }

    private bool Ablates() => section["ablate"] is { } written && (bool)ScalarReader.Parse(written, typeof(bool), "ablate");

    private string ReadBaseline(string[] variants)
    {
        if (section["baseline"] is not { } written)
        {
            return Ablates() ? Complete
                : variants is [var only] ? only
                : throw new ConfigurationException(
                    section.Location, $"missing key 'baseline' in sweep; expected one of {string.Join(", ", variants)}");
        }

        string name = (string)ScalarReader.Parse(written, typeof(string), "baseline");
        return variants.Contains(name)
            ? name
            : throw new ConfigurationException(
                written.Location, $"baseline is '{YamlScalar.Shown(name)}', which is no variant; {NearestName.Suggest(name, variants)}");
    }

    private IEnumerable<SweepPoint> Expand(string variant, YamlMapping change, IReadOnlyList<string> overrides)
    {
        ExperimentFile file = Experiment.With(change);
        foreach (Dictionary<string, YamlValue> point in Grid(variant, file))
        {
            ExperimentFile chosen = point.Aggregate(file, (laid, value) => laid.With(Override.From(value.Key, value.Value))).With(overrides);
            foreach (YamlScalar seed in seeds)
            {
                yield return new SweepPoint(
                    variant,
                    point.ToDictionary(value => value.Key, value => value.Value.ToJson()),
                    (long)ScalarReader.Parse(seed, typeof(long), "seeds"),
                    chosen.With(Override.From(Seed, seed)));
            }
        }
    }

    // Every combination of the values; the last path varies fastest.
    private IEnumerable<Dictionary<string, YamlValue>> Grid(string variant, ExperimentFile file)
    {
        IEnumerable<Dictionary<string, YamlValue>> points = [[]];
        foreach (YamlEntry axis in Mapping("grid").Entries)
        {
            string path = axis.Key.Text;
            if (axis.Value is not YamlList { Items.Count: > 0 } values) throw axis.Value.Refuse(path, "a list of values");
            if (YamlPatch.Reaches(file.Document, Override.From(path, values.Items[0])))
            {
                points = points.SelectMany(point => values.Items.Select(value => new Dictionary<string, YamlValue>(point) { [path] = value }));
            }
            else
            {
                notes.Add($"{variant} has no {path}, so the grid does not touch it there.");
            }
        }

        return points;
    }

    private IReadOnlyList<YamlScalar> Seeds()
    {
        switch (section["seeds"])
        {
            case null:
                return [Experiment.Document[Seed] as YamlScalar ?? new YamlScalar(section.Location, "1", Plain: true)];
            case YamlList { Items.Count: > 0 } list:
                IGrouping<object, YamlValue>? twice = list.Items
                    .GroupBy(item => ScalarReader.Parse(item, typeof(long), "seeds"))
                    .FirstOrDefault(same => same.Count() > 1);
                return twice is null ? [.. list.Items.Cast<YamlScalar>()] : throw twice.Last().Refuse("seeds", "each seed once");
            case { } other:
                throw other.Refuse("seeds", "a list of whole numbers");
        }
    }

    private void RefuseUnreached(SweepPoint[] points)
    {
        foreach (YamlEntry axis in Mapping("grid").Entries.Where(axis => points.All(point => !point.Grid.ContainsKey(axis.Key.Text))))
        {
            throw new ConfigurationException(
                axis.Key.Location, $"no variant has {YamlScalar.Shown(axis.Key.Text)}; expected a grid path that at least one has");
        }
    }

    private IReadOnlyList<SweepPoint> Excluded(IReadOnlyList<SweepPoint> points)
    {
        if (section["exclude"] is not { } written) return points;
        if (written is not YamlList rules) throw written.Refuse("exclude", "a list of mappings");
        foreach (YamlValue item in rules.Items)
        {
            if (item is not YamlMapping { Entries.Count: > 0 } rule) throw item.Refuse("exclude", "mappings such as { variant: focal, seed: 3 }");
            SweepPoint[] matching = [.. points.Where(point => rule.Entries.All(entry => Matches(point, entry)))];
            if (matching.Length == 0)
            {
                throw new ConfigurationException(rule.Location, "this excludes no run; expected a variant, a seed or grid values that some run has");
            }

            points = [.. points.Except(matching)];
        }

        return points.Any(point => point.Variant == Baseline)
            ? points
            : throw new ConfigurationException(rules.Location, $"no run of the baseline {Baseline} is left; expected at least one");
    }

    private static bool Matches(SweepPoint point, YamlEntry rule) => rule.Key.Text switch
    {
        Variant => rule.Value is YamlScalar name && name.Text == point.Variant,
        Seed => rule.Value is YamlScalar seed && seed.Text == point.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        var path => point.Grid.TryGetValue(path, out JsonNode? value) && JsonNode.DeepEquals(value, rule.Value.ToJson()),
    };

    private YamlMapping Mapping(string key) => section[key] is { } written
        ? OrEmpty(written) ?? throw written.Refuse(key, "a mapping")
        : Nothing(section.Location);

    private static YamlMapping? OrEmpty(YamlValue value) => value is YamlScalar { IsNull: true } ? Nothing(value.Location) : value as YamlMapping;

    private static YamlMapping Nothing(YamlLocation location) => new(location, []);

    [GeneratedRegex(@"\A[a-z0-9+._-]+\z")]
    private static partial Regex NameForm();
}

/// <summary>One run of a sweep, its parts not looked up yet.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Grid">The values that the grid sets, by their paths.</param>
/// <param name="Seed">The seed.</param>
/// <param name="File">The experiment with all of these applied.</param>
public sealed record SweepPoint(string Variant, IReadOnlyDictionary<string, JsonNode?> Grid, long Seed, ExperimentFile File);
