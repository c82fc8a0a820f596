using System.Globalization;
using System.Text.Json;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The tables of a page in Markdown, from the JSON of <c>ctc bench</c>: docs/performance.md.</summary>
/// <remarks>
/// A line <c>&lt;!-- bench: NAME --&gt;</c> stands above each table. With an instruction set behind the name the figures are from files that were
/// measured with it, otherwise from those with the instruction set of the first file.
/// </remarks>
internal static class BenchmarkTables
{
    private const string Opening = "<!-- bench: ", Closing = " -->";

    /// <summary>Gets the tables by name.</summary>
    public static IReadOnlyDictionary<string, BenchmarkTable> All { get; } = new Dictionary<string, BenchmarkTable>
    {
        ["losses"] = new(
            "cases",
            [
                new("shape T×B×V, U", row => $"{Known(row)}: {Sizes(row)}"), Threads,
                new("fused ×", "ratio_fused", 1), new("differentiable ×", "ratio_differentiable", 1),
                new("built-in", "built_in_ms", 1), new("fused", "fused_ms", 1), new("differentiable", "differentiable_ms", 1),
            ])
        { Selects = (_, row) => Known(row) is not null },
        ["growth"] = new(
            "cases", [new("shape T×B×V, U", Sizes), new("fused, ms", "fused_ms", 1), new("built-in, ms", "built_in_ms", 1)])
        { Selects = (_, row) => LossBenchmark.Growth.Any(shape => shape.Name == Text(row, "name")) },
        ["logits"] = new(
            "from_logits",
            [
                new("shape T×B×V, U", row => $"{Known(row)}: {Sizes(row)}"), Threads,
                new("one pass ×", "ratio_one_pass", 1), new("log-softmax, fused ×", "ratio_two_steps", 1),
                new("log-softmax, built-in", "built_in_ms", 1), new("log-softmax, fused", "two_steps_ms", 1), new("one pass", "one_pass_ms", 1),
            ])
        { Selects = (_, row) => Known(row) is not null },
        ["stars"] = new(
            "from_logits",
            [
                new("T×B×V, U", Sizes), Threads, new("one pass, plain, ms", "one_pass_ms", 1), new("one pass, stars, ms", "star_ms", 1),
                new("ratio", row => Number(row, "star_ms") / Number(row, "one_pass_ms"), 1),
            ])
        { Selects = (_, row) => Known(row) is null },
        ["memory"] = new(
            "memory",
            [
                new("shape", row => Known(row)!), Threads, new("step, ms", "ms", 1), new("in the kernel, ms", "system_ms", 1),
                new("faults", "faults", 0), new("after rest, ms", "after_pause_ms", 1), new("in the kernel, ms", "after_pause_system_ms", 1),
            ])
        { Selects = (_, row) => Known(row) is not null },
        ["variants"] = new("variants", [new("variant", row => Text(row, "name")), new("× plain", "ratio_to_plain", 2)])
        { Selects = (page, row) => page.TryGetProperty("cases", out _) && Number(row, "threads") == 1 && Text(row, "name") != "plain" },
        ["parts"] = new(
            "variants", [new("part", row => $"`{Text(row, "name")}`"), new("ms", "ms", 1), new("× plain", "ratio_to_plain", 2)])
        { Selects = (page, row) => page.TryGetProperty("left_out", out _) && Text(row, "name") != "plain" },
        ["linear"] = new(
            "linear",
            [
                new("T×B×V", row => Sizes(row).Split(',')[0]), Threads, new("chunks, ms", "chunks_ms", 1), new("one tensor, ms", "whole_ms", 1),
                new("chunks ×", "ratio_chunks", 2), new("chunks, MB", "chunks_mb", 0), new("one tensor, MB", "whole_mb", 0),
            ]),
        ["decoding"] = new(
            "decoding",
            [
                new("emissions", row => row.GetProperty("is_clear").GetBoolean() ? "clear" : "flat"),
                new("width", row => Text(row, "width")),
                new("language model", row => row.GetProperty("has_trigram").GetBoolean() ? "trigram" : "none"),
                new("frames/s", "frames_per_second", 0),
                new("memory of an utterance, MB", row => Number(row, "bytes") / 1e6, 1),
            ]),
        ["transducer-decoding"] = new("transducer_decoding", [new("width", row => Text(row, "width")), new("frames/s", "frames_per_second", 0)]),
        ["transducer"] = new(
            "transducer",
            [
                new("T×B×V, U", Sizes), Threads, new("fused, ms", "fused_ms", 1), new("differentiable, ms", "differentiable_ms", 1),
                new("fused ×", "ratio_fused", 1), new("fused, MB", "fused_mb", 0), new("differentiable, MB", "differentiable_mb", 0),
            ]),
    };

    private static BenchmarkColumn Threads => new("threads", row => Text(row, "threads"));

    /// <summary>Replaces the tables of a page for which there are figures. Everything else stays as it is.</summary>
    /// <param name="page">Markdown, with a line above each table.</param>
    /// <param name="name">The name of the page in messages.</param>
    /// <param name="runs">The JSON objects of runs of the command, each a process of its own.</param>
    /// <returns>The page, and the names of the tables that were replaced.</returns>
    /// <exception cref="InvalidDataException">The page has no tables, or one of an unknown name.</exception>
    public static (string Page, IReadOnlyList<string> Written) Replace(string page, string name, IReadOnlyList<JsonElement> runs)
    {
        var written = new List<string>();
        var lines = new List<string>();
        string[] before = page.Split('\n');
        bool any = false;
        for (int i = 0; i < before.Length; i++)
        {
            lines.Add(before[i]);
            if (!before[i].StartsWith(Opening, StringComparison.Ordinal) || !before[i].EndsWith(Closing, StringComparison.Ordinal)) continue;
            any = true;
            string[] words = before[i][Opening.Length..^Closing.Length].Split(' ', 2);
            if (!All.TryGetValue(words[0], out BenchmarkTable? table))
            {
                throw new InvalidDataException($"{name}:{i + 1}: found the table '{words[0]}'; expected one of {string.Join(", ", All.Keys)}.");
            }

            int first = i + 1;
            while (first < before.Length && before[first].Length == 0) first++;
            int end = first;
            while (end < before.Length && before[end].StartsWith('|')) end++;
            if (end == first) end = i + 1; // there is no table yet
            string instructions = words.Length > 1 ? words[1] : Instructions(runs[0]);
            if (table.Write([.. runs.Where(run => Instructions(run) == instructions)]) is not { } text) continue;
            lines.Add("");
            lines.AddRange(text);
            written.Add(string.Join(' ', words));
            i = end - 1;
        }

        if (!any) throw new InvalidDataException($"{name}: there is no line such as {Opening}losses{Closing}; expected one above each table.");
        return (string.Join('\n', lines), written);
    }

    // The name of the shape if it is one of the command's own, also if its sizes were given with --shape.
    private static string? Known(JsonElement row) => LossBenchmark.Shapes.FirstOrDefault(shape => Sizes(shape) == Sizes(row))?.Name;

    private static string Instructions(JsonElement run) => Text(run.GetProperty("machine"), "instructions");

    private static string Sizes(BenchmarkShape shape) => $"{shape.T}×{shape.B}×{shape.V}, {shape.U}";

    private static string Sizes(JsonElement row)
    {
        JsonElement shape = row.GetProperty("shape");
        return $"{Text(shape, "T")}×{Text(shape, "B")}×{Text(shape, "V")}, {Text(shape, "U")}";
    }

    private static string Text(JsonElement row, string key) => row.GetProperty(key).ToString();

    private static double Number(JsonElement row, string key) => row.GetProperty(key).GetDouble();
}

/// <summary>A table: a row for each measurement, with the figures of several runs in each cell.</summary>
/// <param name="Key">The list of the measurements in JSON.</param>
/// <param name="Columns">The columns; those without figures tell the rows apart.</param>
internal sealed record BenchmarkTable(string Key, IReadOnlyList<BenchmarkColumn> Columns)
{
    /// <summary>Gets whether a measurement of a run is a row of the table; by default each is.</summary>
    public Func<JsonElement, JsonElement, bool> Selects { get; init; } = (_, _) => true;

    /// <summary>Gets the first line.</summary>
    public string Header => Line(Columns.Select(column => column.Header));

    /// <summary>Formats the table.</summary>
    /// <returns>Its lines; null if no run has such measurements.</returns>
    public IReadOnlyList<string>? Write(IReadOnlyList<JsonElement> runs)
    {
        var rows = runs
            .Where(run => run.TryGetProperty(Key, out _))
            .SelectMany(run => run.GetProperty(Key).EnumerateArray().Where(row => Selects(run, row)))
            .GroupBy(row => string.Join('|', Columns.Select(column => column.Text?.Invoke(row))));
        string[] body = [.. rows.Select(same => Line(Columns.Select(column => column.Text?.Invoke(same.First()) ?? column.Figures([.. same]))))];
        return body.Length == 0 ? null : [Header, "|" + string.Concat(Columns.Select(_ => "---|")), .. body];
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}

/// <summary>A column: a text that is the same in all runs, or a figure.</summary>
internal sealed class BenchmarkColumn
{
    private readonly Func<JsonElement, double> figure = _ => double.NaN;
    private readonly int decimals;

    /// <summary>A column of text.</summary>
    /// <param name="header">The text above it.</param>
    /// <param name="text">The text in the row of a measurement.</param>
    public BenchmarkColumn(string header, Func<JsonElement, string> text) => (Header, Text) = (header, text);

    /// <summary>A column of figures.</summary>
    /// <param name="header">The text above it.</param>
    /// <param name="figure">The figure of a measurement.</param>
    /// <param name="decimals">The decimals of figures below 100.</param>
    public BenchmarkColumn(string header, Func<JsonElement, double> figure, int decimals) =>
        (Header, this.figure, this.decimals) = (header, figure, decimals);

    /// <inheritdoc cref="BenchmarkColumn(string, Func{JsonElement, double}, int)"/>
    /// <param name="header">The text above it.</param>
    /// <param name="key">The key of the figure.</param>
    /// <param name="decimals">The decimals of figures below 100.</param>
    public BenchmarkColumn(string header, string key, int decimals)
        : this(header, row => row.GetProperty(key).GetDouble(), decimals)
    {
    }

    /// <summary>Gets the text above it.</summary>
    public string Header { get; }

    /// <summary>Gets the text in the row of a measurement; null in a column of figures.</summary>
    public Func<JsonElement, string>? Text { get; }

    /// <summary>The median of several runs; from three runs on with minimum and maximum, of two only these.</summary>
    public string Figures(IReadOnlyList<JsonElement> same)
    {
        double[] sorted = [.. same.Select(figure).Order()];
        (string least, string most) = (Format(sorted[0]), Format(sorted[^1]));
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return least == most ? least : sorted.Length == 2 ? $"{least} to {most}" : $"{Format(median)} ({least} to {most})";
    }

    private string Format(double number) =>
        number.ToString(Math.Abs(number) >= 100 ? "#,0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture);
}
