using System.Text;
using System.Text.RegularExpressions;
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
        _ => "",
    };

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Plain))} |\n";

    // Names and causes are arbitrary text: escape marks of Markdown and HTML, and line breaks.
    private static string Plain(string text) => Mark().Replace(Printable.Line(text.ReplaceLineEndings(" ")), @"\$0");

    [GeneratedRegex(@"[\\`*_\[\]<>|#&]")]
    private static partial Regex Mark();
}
