using System.Globalization;

namespace Ctc.Comparisons.Reports;

/// <summary>Comma-separated values.</summary>
/// <remarks>Source: RFC 4180: lines end with CR LF; what holds a comma, a quote or a line break is quoted.</remarks>
internal static class CsvText
{
    public static string FromRows(IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(rows.Select(row => string.Join(',', row.Select(Field)) + "\r\n"));

    /// <summary>A number in the shortest form that reads back the same; empty if it is not finite.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("r", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
