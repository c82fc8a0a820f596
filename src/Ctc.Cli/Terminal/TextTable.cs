namespace Ctc.Cli.Terminal;

/// <summary>A table of text: the first column to the left, numbers to the right.</summary>
internal static class TextTable
{
    private const int Gap = 2, NarrowestName = 6;

    /// <summary>Writes a table. Names that are too long for the width are cut.</summary>
    /// <param name="to">The output.</param>
    /// <param name="columns">The width of the output.</param>
    /// <param name="headings">The headings of the columns.</param>
    /// <param name="rows">As many cells as there are headings.</param>
    public static void Write(TextWriter to, int columns, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> all = [headings, .. rows];
        int[] widths = [.. headings.Select((_, at) => all.Max(row => TextCells.Count(row[at])))];
        int room = columns - Gap - widths.Skip(1).Sum(width => width + Gap);
        widths[0] = Math.Min(widths[0], Math.Max(room, NarrowestName));
        foreach (IReadOnlyList<string> row in all)
        {
            IEnumerable<string> cells = row.Skip(1).Zip(widths.Skip(1), (cell, width) => new string(' ', Gap + width - TextCells.Count(cell)) + cell);
            to.WriteLine($"  {TextCells.Fit(row[0], widths[0], ' ')}{string.Concat(cells)}".TrimEnd());
        }
    }
}
