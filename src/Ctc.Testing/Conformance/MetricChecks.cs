using System.Text.RegularExpressions;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of metrics: finite numbers, the best value for a reading without an error, determinism, empty sequences, any symbols.</summary>
internal static partial class MetricChecks
{
    private const int Drawn = 60;

    private static readonly Alphabet[] Alphabets =
    [
        new(["a", "b", " "]),
        new(["x"]),
        new(["é", "e\u0301", "漢", "👩‍👩‍👧", "\u202eab", " ", "|"]),
    ];

    /// <summary>Measures a few utterances.</summary>
    public static void Use(Setting setting)
    {
        IMetric metric = Create(setting);
        foreach (DecodedUtterance utterance in Utterances()) metric.Measure(utterance);
    }

    public static string? Values(Setting setting)
    {
        IMetric metric = Create(setting);
        if (metric.Name is not { } name || !Words().IsMatch(name))
        {
            return $"its name is '{metric.Name}'; expected words of lower-case letters and digits, with a space between two";
        }

        if (metric.Unit is null) return "its unit is null; expected %, another unit, or an empty text";
        foreach (DecodedUtterance utterance in Utterances().Where(utterance => utterance.Reference.Length > 0))
        {
            if (Fault(metric.Measure(utterance)) is { } fault) return fault + Describe(utterance);
        }

        return null;
    }

    public static string? Edges(Setting setting)
    {
        IMetric metric = Create(setting);
        foreach (DecodedUtterance utterance in Utterances().Where(utterance => utterance.Reference.Length == 0))
        {
            if (Fault(metric.Measure(utterance)) is { } fault) return fault + Describe(utterance);
        }

        return null;
    }

    /// <summary>A reading without an error has the best value that the reference can have.</summary>
    public static string? Best(Setting setting)
    {
        IMetric metric = Create(setting);
        foreach (DecodedUtterance utterance in Utterances())
        {
            var right = new DecodedUtterance(utterance.Reference.ToArray(), utterance.Reference.ToArray(), utterance.Alphabet);
            (double best, double value) = (metric.Measure(right).Value, metric.Measure(utterance).Value);
            if (metric.HigherIsBetter ? value <= best : value >= best) continue;
            string direction = metric.HigherIsBetter ? "higher" : "lower";
            return FormattableString.Invariant($"a reading without an error has the value {best}, this one {value}, and {direction} is better; ")
                + $"expected no better value than that of the reference itself{Describe(utterance)}";
        }

        return null;
    }

    public static string? Repeat(Setting setting)
    {
        DecodedUtterance[] utterances = [.. Utterances()];
        IMetric metric = Create(setting), other = Create(setting);
        MetricRatio[] first = [.. utterances.Select(metric.Measure)];
        for (int i = utterances.Length - 1; i >= 0; i--)
        {
            string? which =
                metric.Measure(utterances[i]) != first[i] ? "a second time, after others,"
                : other.Measure(utterances[i]) != first[i] ? "in a second part"
                : null;
            if (which is not null) return $"{which} the same utterance gives other numbers{Describe(utterances[i])}";
        }

        return null;
    }

    private static IMetric Create(Setting setting) => (IMetric)setting.Factory.CreatePart(setting.Options);

    private static string? Fault(MetricRatio ratio) =>
        !double.IsFinite(ratio.Amount) ? FormattableString.Invariant($"the amount is {ratio.Amount}; expected a finite number")
        : !double.IsFinite(ratio.Total) || ratio.Total < 0
            ? FormattableString.Invariant($"the total is {ratio.Total}; expected a finite number, 0 or more")
        : null;

    // The shortest ones first, so that a fault is shown on few tokens.
    private static IEnumerable<DecodedUtterance> Utterances()
    {
        var random = new Random(1);
        return Enumerable.Range(0, Drawn)
            .Select(number =>
            {
                Alphabet alphabet = Alphabets[number % Alphabets.Length];
                long[] Tokens(int most) =>
                    [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => random.NextInt64(1, alphabet.Size))];
                int longest = 1 + (number / 6);
                return new DecodedUtterance(Tokens(longest), Tokens(longest), alphabet);
            })
            .OrderBy(utterance => utterance.Reference.Length + utterance.Hypothesis.Length);
    }

    private static string Describe(DecodedUtterance utterance) =>
        $" (reference '{Text(utterance.Reference, utterance.Alphabet)}', hypothesis '{Text(utterance.Hypothesis, utterance.Alphabet)}')";

    private static string Text(ReadOnlySpan<long> tokens, Alphabet alphabet) => alphabet.Format(tokens.ToArray());

    [GeneratedRegex("^[a-z0-9]+( [a-z0-9]+)*$")]
    private static partial Regex Words();
}
