using System.Globalization;
using Ctc.Experiments.Texts;

namespace Ctc.Comparisons.Reports;

/// <summary>Comma-separated values.</summary>
/// <remarks>
/// Source: RFC 4180: lines end with CR LF; what holds a comma, a quote or a line break is quoted. A text that a spreadsheet would compute as a
/// formula has an apostrophe before it.
/// </remarks>
internal static class CsvText
{
    public static string FromRows(IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(rows.Select(row => string.Join(',', row.Select(Field)) + "\r\n"));

    /// <summary>A number in the shortest form that reads back the same; empty if it is not finite.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("r", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => Quoted(Printable.Text(IsFormula(text) ? "'" + text : text));

    private static bool IsFormula(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..]
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
