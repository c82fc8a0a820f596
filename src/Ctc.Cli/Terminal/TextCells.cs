using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ctc.Cli.Terminal;

/// <summary>The columns that text has on a terminal: two for a wide letter, none for a combining mark.</summary>
internal static class TextCells
{
    private const int ColumnsOfFiles = 100;

    /// <summary>Gets the width of the standard output: of the terminal, or 100 columns of a file or a pipe.</summary>
    public static int OutputColumns => Console.IsOutputRedirected ? ColumnsOfFiles : AnsiConsole.Profile.Width;

    /// <summary>Counts the columns of a text.</summary>
    public static int Count(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();

    /// <summary>Cuts or fills a text to a number of columns; what is cut ends in an ellipsis if there is room.</summary>
    public static string Fit(string text, int columns, char filling)
    {
        string kept = text;
        if (Count(kept) > columns)
        {
            string end = columns > 1 ? "…" : "";
            while (kept.Length > 0 && Count(kept + end) > columns) kept = kept[..^(char.IsLowSurrogate(kept[^1]) ? 2 : 1)];
            kept += end;
        }

        return kept + new string(filling, columns - Count(kept));
    }
}
