using System.Text.Json;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>One line of a manifest: an image and its text.</summary>
/// <param name="Where">File and line, as messages begin.</param>
/// <param name="Id">The utterance's name.</param>
/// <param name="Image">An absolute path.</param>
/// <param name="Symbols">The symbols of its text.</param>
internal sealed record ManifestLine(string Where, string Id, string Image, IReadOnlyList<string> Symbols)
{
    /// <summary>Gets its graph of readings, checked except for the alphabet; null if there is none.</summary>
    public JsonElement? Graph { get; init; }

    /// <summary>Gets the symbols that the states of the graph read.</summary>
    public IReadOnlyList<string> GraphSymbols { get; init; } = [];

    /// <summary>Gets the group that it belongs to, such as a writer; null if unknown.</summary>
    public string? Group { get; init; }

    /// <summary>Gets the symbols of text and graph.</summary>
    public IEnumerable<string> AllSymbols => Symbols.Concat(GraphSymbols);

    /// <summary>Reads the image.</summary>
    /// <param name="alphabet">Has all symbols.</param>
    /// <param name="symbols">Normalizes the symbols of the graph.</param>
    /// <param name="height">The rows of a frame.</param>
    /// <param name="direction">The direction in which the line is read.</param>
    /// <exception cref="InvalidDataException">It is no image of a line.</exception>
    public Utterance LoadUtterance(Alphabet alphabet, SymbolText symbols, int height, ReadingDirection direction)
    {
        try
        {
            Utterance image = LineImage.Load(Image, height, direction);
            return new Utterance(Id, image.ReadFeatures(), image.Frames, [.. Symbols.Select(alphabet.Token)])
            {
                Graph = Graph is { } graph
                    ? GraphJson.Parse(graph, symbol => symbol is null ? alphabet.Blank : alphabet.Token(symbols.Symbol(symbol)))
                    : null,
                Group = Group,
            };
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{Where}: {wrong.Message}", wrong);
        }
    }
}
