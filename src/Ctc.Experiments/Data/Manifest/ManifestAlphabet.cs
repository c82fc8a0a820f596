using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The symbols that a model can learn, in ordinal order.</summary>
internal static class ManifestAlphabet
{
    private const int MostNamed = 20;

    /// <summary>The symbols of the manifest to learn from, and of the file of symbols.</summary>
    /// <exception cref="InvalidDataException">
    /// There are none, or dev or test have others: a reference without them would make the error rate too good.
    /// </exception>
    public static Alphabet Create<T>(LabelledSets<T> sets, SetFiles files, SymbolText symbols)
        where T : LabelledInput
    {
        IEnumerable<T> learned = sets.Train;
        if (files.Dev is null) learned = learned.Concat(sets.Dev);
        if (files.Test is null) learned = learned.Concat(sets.Test);
        HashSet<string> known = [];
        foreach (T line in learned) known.UnionWith(line.AllSymbols);
        if (known.Count == 0) throw new InvalidDataException($"{files.Train} has no text; expected symbols to learn.");
        known.UnionWith(symbols.Listed);
        if (files.HasAllSymbols) known.UnionWith(sets.All.SelectMany(line => line.AllSymbols));

        (string Symbol, string Where)[] unknown = [.. sets.Dev.Concat(sets.Test)
            .SelectMany(line => line.AllSymbols, (line, symbol) => (symbol, line.Where))
            .Where(pair => !known.Contains(pair.symbol))
            .DistinctBy(pair => pair.symbol)];
        if (unknown.Length == 0) return new Alphabet([.. known.Order(StringComparer.Ordinal)]);

        string named =
            string.Join(", ", unknown.Take(MostNamed).Select(pair => $"{CodePoints.Quote(pair.Symbol)} ({pair.Where})")) + (
                unknown.Length > MostNamed ? ", ..." : "");
        throw new InvalidDataException(
            $"{unknown.Length} symbols of dev or test are in no line of {files.Train}: {named}; " +
            $"expected them there, or in a file under the option symbols, or symbols: {ManifestOptions.FromAllSets}.");
    }
}
