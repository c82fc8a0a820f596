using System.Globalization;
using System.Text.Json.Nodes;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Schema;

/// <summary>The key <c>exclude</c> of a sweep: runs that are left out.</summary>
internal static class SweepExclusion
{
    private const string Variant = "variant", Seed = "seed";

    /// <summary>Excludes runs.</summary>
    /// <param name="written">The value of the key.</param>
    /// <param name="points">The runs.</param>
    /// <param name="grid">The paths of the grid, with the values of each.</param>
    /// <param name="baseline">The variant of which at least one run is left.</param>
    /// <returns>The runs that are left, in their order.</returns>
    /// <exception cref="ConfigurationException">A rule is wrong, or excludes no run, or no run of the baseline is left.</exception>
    public static IReadOnlyList<SweepPoint> Apply(YamlValue written, IReadOnlyList<SweepPoint> points, YamlMapping grid, string baseline)
    {
        if (written is not YamlList rules) throw written.Refuse("exclude", "a list of mappings");
        foreach (YamlValue item in rules.Items)
        {
            if (item is not YamlMapping { Entries.Count: > 0 } rule)
            {
                string found = item is YamlMapping ? "an empty mapping, which every run matches" : item.Found;
                throw new ConfigurationException(item.Location, $"exclude is {found}; expected mappings such as {{ variant: focal, seed: 3 }}");
            }

            SweepPoint[] matching = [.. points.Where(point => rule.Entries.All(entry => Matches(point, entry, grid)))];
            if (matching.Length == 0)
            {
                throw new ConfigurationException(rule.Location, "this excludes no run; expected a variant, a seed or grid values that some run has");
            }

            points = [.. points.Except(matching)];
        }

        return points.Any(point => point.Variant == baseline)
            ? points
            : throw new ConfigurationException(rules.Location, $"no run of the baseline {baseline} is left; expected at least one");
    }

    private static bool Matches(SweepPoint point, YamlEntry rule, YamlMapping grid) => rule.Key.Text switch
    {
        Variant => rule.Value is YamlScalar name && name.Text == point.Variant,
        Seed => rule.Value is YamlScalar seed && seed.Text == point.Seed.ToString(CultureInfo.InvariantCulture),
        var path => point.Written.TryGetValue(path, out YamlValue? value) && Matches(value, rule.Value, (YamlList)grid[path]!),
    };

    // As written if the axis has such a value, for 01 and 1 are two texts; else by value, for 1e-3 and 0.001 are one number.
    private static bool Matches(YamlValue value, YamlValue rule, YamlList axis) =>
        rule is YamlScalar scalar && axis.Items.OfType<YamlScalar>().Any(item => item.Text == scalar.Text)
            ? value is YamlScalar written && written.Text == scalar.Text
            : JsonNode.DeepEquals(value.ToJson(), rule.ToJson());
}
