using System.Globalization;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Evaluate;

/// <summary>A measurement as text: errors by kind, by group, the most frequent confusions, the worst lines.</summary>
internal static class EvaluationText
{
    private const int MostConfusions = 10, MostGroups = 20, MostUnknown = 10;
    private const string Nothing = "(nothing)";

    private static readonly string[] Kinds = ["errors", "rate", "substituted", "deleted", "inserted", "of"];

    /// <summary>Writes a measurement.</summary>
    /// <param name="to">The output.</param>
    /// <param name="measured">The measurement.</param>
    /// <param name="worst">How many of the lines with the most errors are written.</param>
    /// <param name="columns">The width of the output.</param>
    public static void Write(TextWriter to, Measurement measured, int worst, int columns)
    {
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(measured.Utterances.Count, "utterance")}: {string.Join(", ", Values(measured))}, loss {measured.Loss:f4}"));
        WriteUnknown(to, measured);
        to.WriteLine();
        TextTable.Write(to, columns, ["", .. Kinds],
        [
            Row("tokens", measured.TokenErrors), Row("characters", measured.CharacterErrors), Row("words", measured.WordErrors),
        ]);
        if (measured.Groups is { } groups) WriteGroups(to, groups, columns);
        WriteConfusions(to, measured.Confusions, columns);
        WriteWorst(to, measured.Utterances, worst, columns);
    }

    // The experiment's own metrics; the rates of edits are in the table.
    private static IEnumerable<string> Values(Measurement measured) => measured.Values
        .Where(metric => metric.Key != MetricValue.TokenErrorRateKey)
        .Select(metric => $"{metric.Value.Name} {metric.Value.Text}");

    private static void WriteUnknown(TextWriter to, Measurement measured)
    {
        if (measured.UnknownSymbols is not { } unknown) return;
        string named = string.Join(", ", unknown.Take(MostUnknown).Select(symbol => CodePoints.Quote(Printable.Line(symbol.Key))));
        string more = unknown.Count > MostUnknown ? ", ..." : "";
        to.WriteLine(
            $"{Count(unknown.Values.Sum(), "token")} are of {Count(unknown.Count, "symbol")} that the model cannot read, " +
            $"and count as errors: {named}{more}");
    }

    private static void WriteGroups(TextWriter to, IReadOnlyDictionary<string, GroupErrors> groups, int columns)
    {
        to.WriteLine();
        string which = groups.Count > MostGroups ? $"the {MostGroups} worst of {groups.Count}" : "the worst first";
        to.WriteLine($"characters by group, {which}");
        IEnumerable<KeyValuePair<string, GroupErrors>> worst =
            groups.OrderByDescending(group => group.Value.CharacterErrors.Rate).ThenBy(group => group.Key, StringComparer.Ordinal);
        TextTable.Write(
            to,
            columns,
            ["", "utterances", .. Kinds],
            [.. worst.Take(MostGroups).Select(group => (IReadOnlyList<string>)
            [
                Printable.Line(group.Key), Number(group.Value.Utterances), .. Row("", group.Value.CharacterErrors).Skip(1),
            ])]);
    }

    private static void WriteConfusions(TextWriter to, IReadOnlyList<Confusion> confusions, int columns)
    {
        if (confusions.Count == 0) return;
        to.WriteLine();
        to.WriteLine(confusions.Count > MostConfusions
            ? $"read as another symbol, the {MostConfusions} most frequent of {confusions.Count} kinds"
            : "read as another symbol");
        TextTable.Write(to, columns, ["there → read", "times"], [.. confusions.Take(MostConfusions).Select(confusion => (IReadOnlyList<string>)
        [
            $"{Symbol(confusion.Reference)} → {Symbol(confusion.Hypothesis)}", Number(confusion.Count),
        ])]);
    }

    private static void WriteWorst(TextWriter to, IReadOnlyList<UtteranceResult> utterances, int count, int columns)
    {
        UtteranceResult[] worst =
            [.. utterances.Where(utterance => utterance.Errors > 0).OrderByDescending(utterance => utterance.Errors).Take(count)];
        if (worst.Length == 0) return;
        to.WriteLine();
        to.WriteLine("the lines with the most errors");
        foreach (UtteranceResult utterance in worst)
        {
            string confidence = utterance.Confidence is { } known ? string.Create(CultureInfo.InvariantCulture, $", confidence {known:g2}") : "";
            to.WriteLine($"{Printable.Line(utterance.Id)}{confidence}");
            ReadingText.WriteBelow(to, utterance, columns);
        }
    }

    private static IReadOnlyList<string> Row(string name, ErrorRates errors) =>
    [
        name, Number(errors.Errors), string.Create(CultureInfo.InvariantCulture, $"{100 * errors.Rate:f2} %"), Number(errors.Substitutions),
        Number(errors.Deletions), Number(errors.Insertions), Number(errors.Length),
    ];

    private static string Symbol(string symbol) => symbol.Length == 0 ? Nothing : Printable.Line(VisibleSymbol.From(symbol));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Count(int count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";
}
