using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Runs;

/// <summary>The inputs of manifests, as a data source reads them: recordings if its inputs are sound, and otherwise images of lines.</summary>
/// <param name="source">The data source of a trained model.</param>
internal sealed class ManifestInputs(IDataSource source)
{
    private const long MostHeld = 64 << 20; // features: a quarter of a gigabyte

    private readonly PageImages pages = new();
    private long held;

    /// <summary>Gets what is done to the texts of recordings; null for images.</summary>
    public TextRules? Rules => (source as ISoundSource)?.Rules;

    /// <summary>Loads the lines of a manifest, but not their inputs.</summary>
    /// <param name="file">A manifest or a folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="refused">Receives lines that are not valid.</param>
    /// <param name="needsTexts">Whether a line without a text is refused.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or has no lines at all.</exception>
    public IReadOnlyList<LabelledInput> Load(string file, SymbolText symbols, Refusals refused, bool needsTexts = true) =>
        source is ISoundSource
            ? RecordingManifest.LoadValid(file, symbols, refused, needsTexts: needsTexts)
            : ManifestFile.LoadValid(file, symbols, refused, needsTexts: needsTexts);

    /// <summary>Reads an input without its text.</summary>
    /// <param name="line">A line that <see cref="Load"/> returned.</param>
    /// <returns>An utterance with its id and an empty target.</returns>
    /// <exception cref="InvalidDataException">The input is not valid; the message begins with file and line.</exception>
    public Utterance Read(LabelledInput line) =>
        line is Recording recording ? ((ISoundSource)source).Read(recording) : ((ManifestLine)line).ReadBy(source, pages);

    /// <summary>The line as an utterance. Its features are computed, and held as long as all that are held fit into some memory.</summary>
    /// <param name="line">A line that <see cref="Load"/> returned.</param>
    /// <param name="alphabet">Has all symbols.</param>
    /// <param name="symbols">Normalizes the symbols of graphs.</param>
    /// <exception cref="InvalidDataException">The input is not valid; the message begins with file and line.</exception>
    public Utterance ToUtterance(LabelledInput line, Alphabet alphabet, SymbolText symbols)
    {
        Utterance input = Read(line);
        Utterance? kept = (held += input.FeatureCount) <= MostHeld ? input : null;
        long[] target = [.. line.Symbols.Select(alphabet.Token)];
        return new Utterance(line.Id, input.Frames, input.FeatureCount, room => (kept ?? Read(line)).CopyFeatures(room), target)
        {
            Group = line.Group,
            Graph = (line as ManifestLine)?.ReadGraph(alphabet, symbols),
            Spans = line is Recording recording ? ((ISoundSource)source).FindSpans(recording, input.Frames) : null,
        };
    }
}
