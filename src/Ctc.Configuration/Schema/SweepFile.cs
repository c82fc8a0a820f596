using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>An experiment with a section <c>sweep</c>, expanded into the runs to compare.</summary>
/// <remarks>
/// Each layer overrides the previous ones: the file, the variant, the grid point, the command line. A run has the values that its row names: what
/// would give it others is refused. Name, plugins, seeds and the section itself belong to the whole sweep; a variant or the grid cannot set them.
/// </remarks>
public sealed partial class SweepFile
{
    private const string Key = SweepKeys.Section, Seed = "seed", Complete = "full";

    private static readonly string[] OfTheWhole = ["name", "plugins", Seed, Key];

    private static readonly string[] Keys = [.. SweepKeys.All.Select(key => key.Name)];

    private const long MostRuns = 10_000;

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
        RefuseTooMany(variants.Count);
        SweepPoint[] points = [.. variants.SelectMany(variant => Expand(variant.Key, variant.Value, overrides))];
        RefuseUnreached(points);
        Points = section["exclude"] is { } rules ? SweepExclusion.Apply(rules, points, Mapping("grid"), Baseline) : points;
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
    /// <param name="overrides">
    /// Overrides <c>key=value</c>. Keys of <c>sweep</c>, <c>name</c>, <c>plugins</c> and <c>seed</c> change the file, all others each run.
    /// </param>
    /// <returns>The runs, their parts not looked up yet.</returns>
    /// <exception cref="ConfigurationException">The file or an override is wrong.</exception>
    public static SweepFile Expand(ExperimentFile file, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(file);
        ILookup<bool, string> ofTheWhole = overrides.ToLookup(text => OfTheWhole.Contains(Override.KeysOf(text)[0]));
        file = file.With([.. ofTheWhole[true]]);
        YamlMapping section = file.Document[Key] as YamlMapping
            ?? throw new ConfigurationException(
                file.Document.Location, "there is no section 'sweep'; expected one with variants, a grid, or ablate: true");
        if (section["seeds"] is not null && ofTheWhole[true].FirstOrDefault(text => Override.KeysOf(text)[0] == Seed) is { } seed)
        {
            throw new ConfigurationException(
                Override.Location(seed), "the key is seed, and the file has sweep.seeds; expected the seeds of the runs, such as sweep.seeds=[7]");
        }

        return new SweepFile(file, section, [.. ofTheWhole[false]]);
    }

    /// <summary>Looks up the launcher.</summary>
    /// <param name="catalog">All parts, including those of the experiment's plugins.</param>
    /// <param name="name">The name of a launcher in the place of the file's, whose options are kept if it has that name; null for the file's.</param>
    /// <returns>Null for local, the default: the runs are processes of the sweep itself.</returns>
    /// <exception cref="ConfigurationException">There is no such launcher, or an option is unknown, missing or out of range.</exception>
    public PartChoice? BindLauncher(PartCatalog catalog, string? name)
    {
        string key = ExtensionPoint.From(typeof(ILauncher)).Key;
        YamlValue written = section[key] ?? new YamlScalar(section.Location, SweepKeys.Local, Plain: true);
        if (name is not null && PartName.Parse(written)?.Key.Text != name)
        {
            written = new YamlScalar(Override.Location($"--{key} {name}"), name, Plain: true);
        }

        return written is YamlScalar { Text: SweepKeys.Local }
            ? null
            : new PartReader(catalog, new Binder(catalog, Experiment.BaseFolder)).BindNamed(written, key, typeof(ILauncher));
    }

    // Seeds pair runs, and name and plugins are of all of them.
    private static void RefuseOfTheWhole(string key, YamlLocation location, string where)
    {
        if (!OfTheWhole.Contains(key)) return;
        string expected = key switch
        {
            Seed => "the seeds of the runs in sweep.seeds",
            Key => "the section once, at the top of the file",
            _ => "it at the top of the file, where it holds for all runs",
        };
        throw new ConfigurationException(location, $"{where} sets {key}; expected {expected}");
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

            YamlMapping change = OrEmpty(entry.Value) ?? throw entry.Value.Refuse(entry.Key.Text, "a mapping to lay over the experiment");
            foreach (YamlEntry set in change.Entries) RefuseOfTheWhole(set.Key.Text, set.Key.Location, $"the variant {entry.Key.Text}");
            variants.Add(entry.Key.Text, change);
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
            ExperimentFile laid = point.Aggregate(file, (before, value) => before.With(Override.From(value.Key, value.Value)));
            foreach ((string path, YamlValue value) in point) RefuseOverlap(laid, path, value);
            ExperimentFile chosen = overrides.Aggregate(laid, (before, text) => Overridden(before, text, point));
            foreach (YamlScalar seed in seeds)
            {
                yield return new SweepPoint(
                    variant,
                    point.ToDictionary(value => value.Key, value => value.Value.ToJson()),
                    (long)ScalarReader.Parse(seed, typeof(long), "seeds"),
                    chosen.With(Override.From(Seed, seed)))
                {
                    Written = point,
                };
            }
        }
    }

    private static void RefuseOverlap(ExperimentFile laid, string path, YamlValue value)
    {
        if (Holds(laid, path, value)) return;
        throw new ConfigurationException(
            value.Location, $"another path of the grid changes {YamlScalar.Shown(path)} too; expected paths of which none is within another");
    }

    private static ExperimentFile Overridden(ExperimentFile before, string text, Dictionary<string, YamlValue> point)
    {
        ExperimentFile after = before.With([text]);
        if (point.FirstOrDefault(value => !Holds(after, value.Key, value.Value)).Key is not { } path) return after;
        string instead = YamlScalar.Shown(KeyPath.Join([Key, "grid", path]));
        throw new ConfigurationException(
            Override.Location(text), $"the grid sets {YamlScalar.Shown(path)}; expected its values in one place, such as {instead}=[...]");
    }

    // Whether the experiment has the value: setting it again changes nothing.
    private static bool Holds(ExperimentFile file, string path, YamlValue value)
    {
        YamlMapping set = Override.From(path, value);
        return YamlPatch.Reaches(file.Document, set) && JsonNode.DeepEquals(YamlPatch.Apply(file.Document, set).ToJson(), file.Document.ToJson());
    }

    // Every combination of the values; the last path varies fastest.
    private IEnumerable<Dictionary<string, YamlValue>> Grid(string variant, ExperimentFile file)
    {
        IEnumerable<Dictionary<string, YamlValue>> points = [[]];
        foreach (YamlEntry axis in Mapping("grid").Entries)
        {
            string path = axis.Key.Text;
            if (axis.Value is YamlMapping)
            {
                const string quoted = "\"train.learning-rate\": [0.001, 0.01]; on the command line too it is in quotes";
                throw axis.Value.Refuse(path, $"a list of values under one key, such as {quoted}");
            }

            if (axis.Value is not YamlList { Items.Count: > 0 } values) throw NoList(axis.Value, path, "value");
            RefuseOfTheWhole(KeyPath.Split(path, values.Items[0].Location)[0], axis.Key.Location, "the grid");
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
                throw NoList(other, "seeds", "whole number");
        }
    }

    private static ConfigurationException NoList(YamlValue value, string key, string item) =>
        new(value.Location, $"{key} is {(value is YamlList ? "an empty list" : value.Found)}; expected a list of at least one {item}");

    // Counted, not expanded.
    private void RefuseTooMany(int variants)
    {
        long runs = (long)variants * seeds.Count;
        YamlLocation at = section.Location;
        foreach (YamlEntry axis in Mapping("grid").Entries)
        {
            if (runs > MostRuns) break;
            runs *= Math.Max(1, (axis.Value as YamlList)?.Items.Count ?? 1);
            at = axis.Key.Location;
        }

        if (runs > MostRuns) throw new ConfigurationException(at, $"up to here the sweep has {runs} runs; expected at most {MostRuns}");
    }

    private void RefuseUnreached(SweepPoint[] points)
    {
        foreach (YamlEntry axis in Mapping("grid").Entries.Where(axis => points.All(point => !point.Grid.ContainsKey(axis.Key.Text))))
        {
            throw new ConfigurationException(
                axis.Key.Location, $"no variant has {YamlScalar.Shown(axis.Key.Text)}; expected a grid path that at least one has");
        }
    }

    private YamlMapping Mapping(string key) => section[key] is { } written
        ? OrEmpty(written) ?? throw written.Refuse(key, "a mapping")
        : Nothing(section.Location);

    private static YamlMapping? OrEmpty(YamlValue value) => value is YamlScalar { IsNull: true } ? Nothing(value.Location) : value as YamlMapping;

    private static YamlMapping Nothing(YamlLocation location) => new(location, []);

    [GeneratedRegex(@"\A[a-z0-9+._-]+\z")]
    private static partial Regex NameForm();
}
