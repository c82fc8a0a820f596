using System.Globalization;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>References and hypotheses as text: short ones side by side, long ones below each other with marks under the differences.</summary>
/// <remarks>
/// Symbols of several letters, such as phones and words, have spaces between them. Lines from right to left are in the order of display, for
/// terminals that do not reorder text: then the marks are under their symbols.
/// </remarks>
internal static class ReadingText
{
    private const int WidestBeside = 24, Margin = 9, Narrowest = 8;
    private const string Nothing = "(nothing)";

    /// <summary>Writes utterances in one of the two forms.</summary>
    /// <param name="to">The output.</param>
    /// <param name="utterances">The utterances.</param>
    /// <param name="columns">The width of the output; longer lines are continued below.</param>
    public static void Write(TextWriter to, IReadOnlyList<UtteranceResult> utterances, int columns)
    {
        IReadOnlyList<ReadPair>[] lines = [.. utterances.Select(utterance => utterance.AlignAsDisplayed())];
        int width = lines.SelectMany(pairs => new[] { There(pairs), Read(pairs) }).Select(TextCells.Count).Append(10).Max();
        bool beside = width <= WidestBeside && (2 * width) + Margin + 6 <= columns;
        if (beside) to.WriteLine($"  {Padded("there", width)}  {Padded("read", width)}".TrimEnd());
        foreach ((UtteranceResult utterance, IReadOnlyList<ReadPair> pairs) in utterances.Zip(lines))
        {
            if (beside) WriteBeside(to, utterance, pairs, width);
            else WriteBelow(to, utterance, columns);
        }
    }

    /// <summary>Writes an utterance in two lines, and a third with marks under the differences; as often as the width requires.</summary>
    /// <inheritdoc cref="Write"/>
    /// <param name="to">The output.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="columns">The width of the output.</param>
    /// <param name="isReadShown">Whether the second line is written of an utterance without errors too; by default not.</param>
    public static void WriteBelow(TextWriter to, UtteranceResult utterance, int columns, bool isReadShown = false)
    {
        IReadOnlyList<ReadPair> pairs = utterance.AlignAsDisplayed();
        IReadOnlyList<Piece> pieces = Pieces(pairs, Math.Max(Narrowest, columns - Margin), Gap([.. utterance.Reference, .. utterance.Hypothesis]));
        foreach ((int at, Piece piece) in pieces.Index())
        {
            to.WriteLine($"  there  {(utterance.Reference.Count == 0 ? Nothing : piece.There)}".TrimEnd());
            if (utterance.Errors == 0 && !isReadShown) continue;
            to.WriteLine($"  read   {(utterance.Hypothesis.Count == 0 ? Nothing : piece.Read)}".TrimEnd());
            if (utterance.Errors == 0) continue;
            string marks = new string(' ', Margin) + piece.Marks;
            bool isLast = at == pieces.Count - 1, fits = marks.Length + 2 + Errors(utterance).Length <= Math.Max(columns, Margin + Narrowest);
            to.WriteLine((isLast && fits ? $"{marks}  {Errors(utterance)}" : marks).TrimEnd());
            if (isLast && !fits) to.WriteLine($"  {Errors(utterance)}");
        }

        WriteLookalikes(to, pairs);
    }

    private static void WriteBeside(TextWriter to, UtteranceResult utterance, IReadOnlyList<ReadPair> pairs, int width)
    {
        to.WriteLine($"  {Padded(There(pairs), width)}  {Padded(Read(pairs), width)}  {Errors(utterance)}".TrimEnd());
        WriteLookalikes(to, pairs);
    }

    // The pairs as columns, cut where a line is full. There is one piece at least.
    private static List<Piece> Pieces(IReadOnlyList<ReadPair> pairs, int room, string gap)
    {
        List<Piece> pieces = [];
        var piece = new Piece("", "", "");
        foreach (ReadPair pair in pairs)
        {
            (string there, string read) = (Printable.Line(pair.ShownReference), Printable.Line(pair.ShownHypothesis));
            int width = Math.Max(TextCells.Count(there), TextCells.Count(read));
            if (piece.Marks.Length > 0 && piece.Marks.Length + gap.Length + width > room)
            {
                pieces.Add(piece);
                piece = new Piece("", "", "");
            }

            if (piece.Marks.Length > 0) piece = new Piece(piece.There + gap, piece.Read + gap, piece.Marks + gap);
            piece = new Piece(
                piece.There + Padded(there, width), piece.Read + Padded(read, width), piece.Marks + new string(pair.IsRight ? ' ' : '^', width));
        }

        return [.. pieces, piece];
    }

    // Different symbols that may look alike, such as two spellings of é.
    private static void WriteLookalikes(TextWriter to, IReadOnlyList<ReadPair> pairs)
    {
        string[] alike =
        [
            .. pairs
                .Where(pair => !pair.IsRight && pair is { Reference: not null, Hypothesis: not null })
                .Where(pair => UnicodeText.Composed(pair.Reference!) == UnicodeText.Composed(pair.Hypothesis!))
                .Distinct()
                .Select(pair => $"{CodePoints.Quote(pair.Reference!)} was read as {CodePoints.Quote(pair.Hypothesis!)}"),
        ];
        if (alike.Length > 0) to.WriteLine($"  {Printable.Line(string.Join("; ", alike))}");
    }

    private static string Errors(UtteranceResult utterance) => utterance.Errors switch { 0 => "", 1 => "1 error", var n => $"{n} errors" };

    private static string There(IReadOnlyList<ReadPair> pairs) => Joined([.. pairs.Select(pair => pair.Reference).OfType<string>()]);

    private static string Read(IReadOnlyList<ReadPair> pairs) => Joined([.. pairs.Select(pair => pair.Hypothesis).OfType<string>()]);

    private static string Joined(IReadOnlyList<string> symbols) =>
        symbols.Count == 0 ? Nothing : Printable.Line(string.Join(Gap(symbols), symbols));

    private static string Gap(IReadOnlyList<string> symbols) =>
        symbols.Any(symbol => StringInfo.GetNextTextElementLength(symbol) < symbol.Length) ? " " : "";

    private static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - TextCells.Count(text)));

    private sealed record Piece(string There, string Read, string Marks);
}
