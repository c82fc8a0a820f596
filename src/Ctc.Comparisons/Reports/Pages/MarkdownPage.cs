using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;

namespace Ctc.Comparisons.Reports.Pages;

/// <summary>Writes a page as Markdown, without its pictures.</summary>
internal static partial class MarkdownPage
{
    public static string Render(string title, IEnumerable<Block> blocks)
    {
        var text = new StringBuilder($"# {Plain(title)}\n");
        foreach (Block block in blocks)
        {
            string written = Render(block);
            if (written.Length > 0) text.Append('\n').Append(written);
        }

        return text.ToString();
    }

    private static string Render(Block block) => block switch
    {
        Heading heading => $"## {Plain(heading.Text)}\n",
        Paragraph paragraph => $"{Plain(paragraph.Text)}\n",
        Bullets bullets => string.Concat(bullets.Items.Select(item => $"- {Plain(item.About)}: {Plain(item.Text)}\n")),
        Table table => $"{Plain(table.Caption)}\n\n{Row(table.Columns.Select(column => column.Heading))}" +
            $"|{string.Concat(table.Columns.Select(column => column.IsNumber ? "--:|" : "---|"))}\n{string.Concat(table.Rows.Select(Row))}",
        ReadLine line => $"{Plain(line.Name)}\n\n{string.Concat(line.Readings.Select(reading => Reading(reading.Heading, reading.Pairs)))}",
        _ => "",
    };

    // Lines of code, in which no mark is one, with marks below the differences.
    private static string Reading(string heading, IReadOnlyList<ReadPair> pairs)
    {
        (string there, string read, string marks) = ("", "", "");
        foreach (ReadPair pair in pairs)
        {
            (string above, string below) = (Printable.Line(pair.ShownReference), Printable.Line(pair.ShownHypothesis));
            int width = Math.Max(Count(above), Count(below));
            there += above + new string(' ', width - Count(above));
            read += below + new string(' ', width - Count(below));
            marks += new string(pair.IsRight ? ' ' : '^', width);
        }

        string[] lines = [heading, $"there  {there}", $"read   {read}", $"       {marks}"];
        return string.Concat(lines.Select(line => $"    {Printable.Line(line.ReplaceLineEndings(" ")).TrimEnd()}\n")) + "\n";

        static int Count(string text) => new StringInfo(text).LengthInTextElements;
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Plain))} |\n";

    // Names and causes are arbitrary text: escape marks of Markdown and HTML, and line breaks.
    private static string Plain(string text) => Mark().Replace(Printable.Line(text.ReplaceLineEndings(" ")), @"\$0");

    [GeneratedRegex(@"[\\`*_\[\]<>|#&]")]
    private static partial Regex Mark();
}
