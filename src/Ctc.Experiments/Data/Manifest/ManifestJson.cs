using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Reads a line of a JSON Lines manifest of images: an object with an image, its text or tokens, and perhaps graph, group and id.</summary>
internal sealed class ManifestJson : LabelJson
{
    private static readonly string[] Keys = ["image", "graph", "image-page"];

    private const string APage = "the number of a page, from 1";
    private const int MostPages = ushort.MaxValue;

    private ManifestJson(JsonElement line, SymbolText symbols, bool needsText)
        : base(line, Keys, symbols, needsText)
    {
    }

    /// <param name="where">File and line.</param>
    /// <param name="text">The line.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="needsText">Whether a line without text and tokens is refused.</param>
    /// <param name="image">Finds the image that the line names.</param>
    /// <exception cref="InvalidDataException">What was found and what was expected, without where.</exception>
    public static ManifestLine Parse(string where, string text, SymbolText symbols, bool needsText, Func<string, string> image) =>
        Parse(text, line => new ManifestJson(line, symbols, needsText).ToLine(where, image));

    private ManifestLine ToLine(string where, Func<string, string> image)
    {
        string path = Path("image", "the path of an image");
        string? file = path.Length > 0 ? Mistakes.Try(() => image(path)) : null;
        string? id = Id(path);
        IReadOnlyList<string>? text = Symbols();
        List<string> states = [];
        JsonElement? graph = Mistakes.Try(() => DrawnGraph(states));
        string? group = Group();
        int? page = Mistakes.Try(Page);
        Mistakes.Throw();
        return new ManifestLine(where, id!, new ImagePart(file!) { Page = page }, text!) { Graph = graph, GraphSymbols = states, Group = group };
    }

    private int? Page() => Find("image-page") is not { } written ? null
        : written.Whole(APage) is >= 1 and <= MostPages and var page ? (int)page : throw written.Refuse(APage);

    private JsonElement? DrawnGraph(List<string> states)
    {
        JsonElement? graph = Find("graph")?.Element.Clone();
        if (graph is not null && Texts.Rules.IsDisplayed)
        {
            throw new InvalidDataException("there is a graph, whose states are in the order of the frames; expected none with the direction auto");
        }

        if (graph is { } drawn) GraphJson.Parse(drawn, symbol => Note(symbol, states));
        return graph;
    }

    private long Note(string? symbol, List<string> states)
    {
        if (symbol is not null) states.Add(Texts.Symbol(symbol));
        return 0;
    }
}
