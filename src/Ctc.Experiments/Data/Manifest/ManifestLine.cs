using System.Text.Json;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>One line of text: an image and its transcription.</summary>
/// <param name="Where">File and line, as messages begin.</param>
/// <param name="Id">The utterance's name.</param>
/// <param name="Part">The pixels.</param>
/// <param name="Symbols">The symbols of its text.</param>
internal sealed record ManifestLine(string Where, string Id, ImagePart Part, IReadOnlyList<string> Symbols) : LabelledInput(Where, Id, Symbols)
{
    /// <summary>Gets the absolute path of its image, or of its page.</summary>
    public override string File => Part.File;

    /// <inheritdoc/>
    public override string Place => Part.Place;

    /// <summary>Gets its graph of readings, checked except for the alphabet; null if there is none.</summary>
    public JsonElement? Graph { get; init; }

    /// <summary>Gets the symbols that the states of the graph read.</summary>
    public IReadOnlyList<string> GraphSymbols { get; init; } = [];

    /// <summary>Gets the symbols of text and graph.</summary>
    public override IEnumerable<string> AllSymbols => Symbols.Concat(GraphSymbols);

    /// <summary>The line as an utterance.</summary>
    /// <param name="alphabet">Has all symbols.</param>
    /// <param name="symbols">Normalizes the symbols of the graph.</param>
    /// <param name="height">The rows of a frame.</param>
    /// <param name="features">The features of its image.</param>
    public Utterance ToUtterance(Alphabet alphabet, SymbolText symbols, int height, StoredFeatures features) =>
        new(Id, features.Count / height, features.Count, features.Read, [.. Symbols.Select(alphabet.Token)])
        {
            Graph = ReadGraph(alphabet, symbols), Group = Group,
        };

    /// <summary>Reads its image by a data source; a part of an image only by that of manifests.</summary>
    /// <param name="source">Reads images.</param>
    /// <param name="pages">Decodes pages.</param>
    /// <returns>An utterance with its id and an empty target.</returns>
    /// <exception cref="InvalidDataException">The image is not valid; the message begins with file and line.</exception>
    public Utterance ReadBy(IDataSource source, PageImages pages)
    {
        try
        {
            return source is ManifestSource lines ? lines.Read(this, pages) : source.Read(File).WithId(Id);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{Where}: {wrong.Message}", wrong);
        }
    }

    /// <summary>The graph of readings; null if there is none.</summary>
    /// <inheritdoc cref="ToUtterance"/>
    public Graph? ReadGraph(Alphabet alphabet, SymbolText symbols) => Graph is { } graph
        ? GraphJson.Parse(graph, symbol => symbol is null ? alphabet.Blank : alphabet.Token(symbols.Symbol(symbol)))
        : null;
}
