using System.Globalization;
using System.Xml.Linq;
using Ctc.Experiments.Texts;

namespace Ctc.Comparisons.Reports.Pages;

/// <summary>Writes a page as one HTML file that needs nothing else: no network, no script.</summary>
internal static class HtmlPage
{
    private const string DarkPage = "(prefers-color-scheme: dark)", WidePage = "(min-width: 900px)";

    private static readonly string Style = ReadStyle();

    public static string Render(string title, IEnumerable<Block> blocks)
    {
        var html = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                Text("title", title),
                new XElement("style", Style)),
            new XElement("body", new XElement("main", [Text("h1", title), .. blocks.Select(Render)])));
        return $"<!DOCTYPE html>\n{html.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static XElement Render(Block block) => block switch
    {
        Heading heading => Text("h2", heading.Text),
        Paragraph paragraph => Text("p", paragraph.Text),
        Bullets bullets => new XElement("ul", bullets.Items.Select(item => new XElement("li", Text("strong", item.About), Clean($": {item.Text}")))),
        Table table => Render(table),
        ReadLine line => ReadingHtml.Render(line),
        Picture picture => Render(picture),
        Gallery gallery => new XElement("div", new XAttribute("class", "gallery"), "", gallery.Pictures.Select(Render)),
        _ => throw new ArgumentException($"{block.GetType().Name} cannot be written as HTML.", nameof(block)),
    };

    private static XElement Render(Table table) => new(
        "section",
        Text("p", table.Caption),
        Wide(table.Name, new XElement(
            "table",
            table.HasVerdict ? new XAttribute("class", "verdicts") : null,
            new XElement("thead", new XElement("tr", table.Columns.Select(column => Cell("th", column.Heading, column.IsNumber, "col")))),
            new XElement("tbody", table.Rows.Select(row => new XElement("tr", row.Select((cell, at) =>
                at == 0 ? Cell("th", cell, table.Columns[0].IsNumber, "row") : Cell("td", cell, table.Columns[at].IsNumber, null))))))));

    // A box that scrolls if the page is narrower, reachable from the keyboard.
    private static XElement Wide(string name, XElement content) => new(
        "div",
        new XAttribute("class", "wide"),
        new XAttribute("tabindex", 0),
        new XAttribute("role", "region"),
        new XAttribute("aria-label", Clean(name)),
        content);

    private static XElement Cell(string name, string text, bool isNumber, string? scope)
    {
        XElement cell = Text(name, text);
        if (scope is not null) cell.Add(new XAttribute("scope", scope));
        if (isNumber) cell.Add(new XAttribute("class", "number"));
        return cell;
    }

    private static XElement Render(Picture picture)
    {
        var image = new XElement(
            "img",
            new XAttribute("src", Data(picture.Light)),
            new XAttribute("alt", Clean(picture.Description)),
            new XAttribute("width", picture.Width.ToString(CultureInfo.InvariantCulture)));
        XElement shown = picture.Dark is null ? Wide(picture.Caption, image) : new XElement(
            "picture",
            picture.Wide is { } wide ? new[] { Source(wide.Dark, $"{WidePage} and {DarkPage}"), Source(wide.Light, WidePage) } : null,
            Source(picture.Dark, DarkPage),
            image);
        return new XElement("figure", picture.Wide is null ? null : new XAttribute("class", "whole"), shown, Text("figcaption", picture.Caption));
    }

    private static XElement Source(byte[] png, string media) =>
        new("source", new XAttribute("srcset", Data(png)), new XAttribute("media", media));

    internal static string Data(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    // Empty text, unlike no content, keeps the closing tag, which HTML requires.
    internal static XElement Text(string name, string text) => new(name, Clean(text));

    // Characters that XML cannot represent, and those that change the direction: a cause may quote any text.
    internal static string Clean(string text) =>
        Printable.Text(string.Concat(
            text.EnumerateRunes().Select(rune => rune.Value is >= ' ' and not (0xFFFE or 0xFFFF) or '\t' or '\n' ? rune.ToString() : "\uFFFD")));

    private static string ReadStyle()
    {
        using Stream file = typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
