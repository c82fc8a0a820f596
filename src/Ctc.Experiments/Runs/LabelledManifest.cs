using System.Globalization;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The lines of a manifest with their texts, for a model that was trained on other data.</summary>
internal static class LabelledManifest
{
    /// <summary>Loads the valid lines of a manifest.</summary>
    /// <param name="file">A manifest or a folder, as the data source <c>manifest</c> takes them; for a model of sound, as <c>recordings</c>.</param>
    /// <param name="trained">The data source of the model's run: it reads the inputs, and its options say how texts are split.</param>
    /// <param name="alphabet">The symbols that the model reads.</param>
    /// <param name="refuse">Receives a sentence for each line that is not valid, or whose input is not.</param>
    /// <returns>The alphabet with the further symbols of the manifest, and the other lines over it.</returns>
    /// <exception cref="InvalidDataException">The manifest cannot be read, or has no valid line.</exception>
    public static (Alphabet Alphabet, IReadOnlyList<Utterance> Lines) Load(
        string file, PartChoice trained, Alphabet alphabet, Action<string> refuse)
    {
        var options = trained.Options as ISetOptions;
        bool isListed = options?.SymbolFile is not null
            || alphabet.Symbols.Any(symbol => StringInfo.GetNextTextElementLength(symbol) != symbol.Length);
        var inputs = new ManifestInputs(trained.Create<IDataSource>());
        TextRules rules = options?.Rules ?? inputs.Rules ?? new TextRules(UnicodeForm.Nfc);
        SymbolText symbols = options?.PieceModel is { } model ? new(rules, model) : new(rules, isListed ? alphabet.Symbols : []);
        var refused = new Refusals(refuse);
        IReadOnlyList<LabelledInput> lines = inputs.Load(file, symbols, refused);
        var whole = new Alphabet([.. alphabet.Symbols.Concat(lines.SelectMany(line => line.AllSymbols)).Distinct()]);
        Utterance[] read = [.. lines.SelectMany(line => refused.TryOne(() => inputs.ToUtterance(line, whole, symbols)))];
        return read.Length > 0 ? (whole, read) : throw new InvalidDataException($"{file} has no valid line; expected at least one.");
    }

    /// <summary>Adds the symbols of the references that a model cannot read.</summary>
    public static Measurement CountUnknown(Measurement measured, Alphabet alphabet)
    {
        HashSet<string> known = [.. alphabet.Symbols];
        IEnumerable<KeyValuePair<string, int>> unknown = measured.Utterances
            .SelectMany(utterance => utterance.Reference)
            .Where(symbol => !known.Contains(symbol))
            .CountBy(symbol => symbol)
            .OrderByDescending(count => count.Value)
            .ThenBy(count => count.Key, StringComparer.Ordinal);
        var counts = new OrderedDictionary<string, int>(unknown);
        return counts.Count == 0 ? measured : measured with { UnknownSymbols = counts };
    }
}
