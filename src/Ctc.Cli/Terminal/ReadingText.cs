using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>References and hypotheses as text: short ones side by side, long ones below each other with marks under the differences.</summary>
internal static class ReadingText
{
    private const int WidestBeside = 24;
    private const string Nothing = "(nothing)";

    /// <summary>Writes utterances in one of the two forms.</summary>
    public static void Write(TextWriter to, IReadOnlyList<UtteranceResult> utterances)
    {
        int width = utterances.SelectMany(utterance => new[] { utterance.Reference, utterance.Hypothesis })
            .Select(symbols => TextCells.Count(Joined(symbols)))
            .Append(10)
            .Max();
        bool beside = width <= WidestBeside;
        if (beside) to.WriteLine($"  {Padded("there", width)}  {Padded("read", width)}".TrimEnd());
        foreach (UtteranceResult utterance in utterances)
        {
            if (beside) WriteBeside(to, utterance, width);
            else WriteBelow(to, utterance);
            if (Lookalike(utterance) is { } points) to.WriteLine($"  {Printable.Line(points)}");
        }
    }

    private static void WriteBeside(TextWriter to, UtteranceResult utterance, int width) => to.WriteLine(
        $"  {Padded(Joined(utterance.Reference), width)}  {Padded(Joined(utterance.Hypothesis), width)}  {Errors(utterance)}".TrimEnd());

    private static void WriteBelow(TextWriter to, UtteranceResult utterance)
    {
        string there = "", read = "", marks = "";
        foreach ((string reference, string hypothesis) in Pairs(utterance.Reference, utterance.Hypothesis))
        {
            (string written, string decoded) = (Printable.Line(reference), Printable.Line(hypothesis));
            int width = Math.Max(TextCells.Count(written), TextCells.Count(decoded));
            there += Padded(written, width);
            read += Padded(decoded, width);
            marks += new string(reference == hypothesis ? ' ' : '^', width);
        }

        to.WriteLine($"  there  {(utterance.Reference.Count == 0 ? Nothing : there)}".TrimEnd());
        if (utterance.Errors == 0) return;
        to.WriteLine($"  read   {(utterance.Hypothesis.Count == 0 ? Nothing : read)}".TrimEnd());
        to.WriteLine($"         {marks}  {Errors(utterance)}");
    }

    // An alignment of the symbols; an inserted or a missing one is opposite to nothing.
    private static IEnumerable<(string Reference, string Hypothesis)> Pairs(IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis)
    {
        bool[] keptThere = EditDistance.Kept<string>([.. reference], [.. hypothesis]);
        bool[] keptRead = Opposite(reference, keptThere, hypothesis);
        for (int i = 0, j = 0; i < reference.Count || j < hypothesis.Count;)
        {
            bool wrongThere = i < reference.Count && !keptThere[i], wrongRead = j < hypothesis.Count && !keptRead[j];
            bool takesThere = wrongThere || !wrongRead, takesRead = wrongRead || !wrongThere;
            yield return (takesThere ? reference[i++] : "", takesRead ? hypothesis[j++] : "");
        }
    }

    // The kept symbols of the reference are a subsequence of the hypothesis: the places of its last occurrence, from the end.
    private static bool[] Opposite(IReadOnlyList<string> reference, bool[] kept, IReadOnlyList<string> hypothesis)
    {
        var opposite = new bool[hypothesis.Count];
        int j = hypothesis.Count;
        for (int i = reference.Count - 1; i >= 0; i--)
        {
            if (!kept[i]) continue;
            do j--;
            while (hypothesis[j] != reference[i]);
            opposite[j] = true;
        }

        return opposite;
    }

    // Different symbols that may look alike, such as two spellings of é.
    private static string? Lookalike(UtteranceResult utterance)
    {
        if (utterance.Errors == 0) return null;
        (string Reference, string Hypothesis)[] alike = [.. Pairs(utterance.Reference, utterance.Hypothesis)
            .Where(pair => pair.Reference != pair.Hypothesis && UnicodeText.Composed(pair.Reference) == UnicodeText.Composed(pair.Hypothesis))
            .Distinct()];
        return alike.Length == 0
            ? null
            : string.Join("; ", alike.Select(pair => $"{CodePoints.Quote(pair.Reference)} was read as {CodePoints.Quote(pair.Hypothesis)}"));
    }

    private static string Errors(UtteranceResult utterance) => utterance.Errors switch { 0 => "", 1 => "1 error", var n => $"{n} errors" };

    private static string Joined(IReadOnlyList<string> symbols) => symbols.Count == 0 ? Nothing : Printable.Line(string.Concat(symbols));

    private static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - TextCells.Count(text)));
}
