using System.Globalization;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Show;

/// <summary>
/// An utterance and the output of a model as text, over one time axis: input, posteriors, the likeliest tokens, the best path of the target, the
/// truth, and the paths of hypotheses.
/// </summary>
/// <remarks>A column is a frame of the model. Long utterances are continued below, so that no frame is left out.</remarks>
internal sealed class AlignmentText
{
    private const int MostColumns = 100, MostInputRows = 12, WidestSymbol = 3, WidestLabel = 10;
    private const string Likeliest = "likeliest";
    private const char Blank = '·', Longer = '─';

    private readonly AlignmentDrawing drawing;
    private readonly FeatureText input;
    private readonly long[] likeliest;
    private readonly int cell, labels; // columns of a frame, and of the labels of rows

    private AlignmentText(AlignmentDrawing drawing)
    {
        this.drawing = drawing;
        Utterance utterance = drawing.Utterance;
        input = new FeatureText(new Features(
            utterance.ReadFeatures(), utterance.Frames, utterance.Frames == 0 ? 1 : utterance.FeatureCount / utterance.Frames));
        likeliest = drawing.FindLikeliest();
        long[][] paths = [likeliest, drawing.ViterbiPath ?? [], .. drawing.Hypotheses.Select(hypothesis => drawing.FindPath(hypothesis) ?? [])];
        cell = Math.Clamp(Widest(paths.SelectMany(path => path).Distinct()), 1, WidestSymbol);
        labels = Math.Clamp(Widest(drawing.Rows.Select(token => (long)token)), Likeliest.Length, WidestLabel);
    }

    /// <summary>Draws an utterance.</summary>
    /// <param name="drawing">The utterance and the output of a model.</param>
    /// <returns>Lines of at most 113 characters, apart from the texts of target and hypotheses.</returns>
    public static IEnumerable<string> Draw(AlignmentDrawing drawing) => new AlignmentText(drawing).Draw();

    private IEnumerable<string> Draw()
    {
        yield return Title();
        int pieces = ((drawing.Frames * cell) + MostColumns - 1) / MostColumns, frames = (drawing.Frames + pieces - 1) / Math.Max(1, pieces);
        for (int start = 0; start < drawing.Frames; start += frames)
        {
            foreach (string line in Piece(start, Math.Min(drawing.Frames, start + frames))) yield return line;
        }

        for (int i = 0; i < drawing.Hypotheses.Count; i++)
        {
            string score = drawing.Hypotheses[i].Score.ToString("f4", CultureInfo.InvariantCulture);
            yield return $"{i + 1}  {score}  {Shown(drawing.Format(drawing.Hypotheses[i].Tokens))}";
        }

        foreach (AlignedWord word in drawing.Words) yield return $"{Printable.Line(word.Word)}: {Printable.Line(string.Join(' ', word.Symbols))}";
    }

    private int Widest(IEnumerable<long> tokens) =>
        tokens.Where(token => token != drawing.Alphabet.Blank).Select(token => TextCells.Count(drawing.Label(token))).DefaultIfEmpty().Max();

    private string Title()
    {
        string id = Printable.Line(drawing.Utterance.Id), read = $"read {Shown(drawing.Decoded)}";
        string joined = drawing.Stride == 1 ? "" : $", each of {drawing.Stride} frames of the input";
        string target = drawing.Format(drawing.Utterance.Target);
        string both = drawing.HasTarget ? $"target {Shown(target)}, {read} {(target == drawing.Decoded ? '✓' : '✗')}" : read;
        return $"{id}: {both}, {drawing.Frames} {(drawing.Frames == 1 ? "frame" : "frames")}{joined}";
    }

    private IEnumerable<string> Piece(int start, int end)
    {
        int stride = (int)drawing.Stride;
        yield return Row("", Ticks(start, end));
        foreach (string line in input.Draw(start * stride, end * stride, stride, MostInputRows, cell)) yield return Row("", line);
        foreach (string line in Heat("p: the posterior of each frame", drawing.Posteriors, start, end)) yield return line;
        foreach ((string name, float[,] posteriors) in drawing.Heads.Where(head => head.Posteriors.GetLength(0) == drawing.Frames))
        {
            foreach (string line in Heat($"p of {name}", posteriors, start, end)) yield return line;
        }

        if (drawing.Occupancy is { } occupancy)
        {
            foreach (string line in Heat("γ: the share of each token, given the target", occupancy, start, end)) yield return line;
        }

        yield return "paths";
        yield return Row(Likeliest, Path(likeliest, start, end));
        if (drawing.ViterbiPath is { } path) yield return Row("target", Path(path, start, end));
        if (drawing.Utterance.Spans is { } spans) yield return Row("truth", Truth(spans, start, end));
        for (int i = 0; i < drawing.Hypotheses.Count; i++)
        {
            if (drawing.FindPath(drawing.Hypotheses[i]) is { } read) yield return Row($"{i + 1}", Path(read, start, end));
        }

        yield return "";
    }

    // A token without a visible share in these frames has no row.
    private IEnumerable<string> Heat(string heading, float[,] values, int start, int end)
    {
        yield return drawing.TokensWithoutRow > 0 ? $"{heading} (+ {drawing.TokensWithoutRow} more tokens)" : heading;
        foreach (int token in drawing.Rows.Where(token => token < values.GetLength(1)))
        {
            string shades = string.Concat(
                Enumerable.Range(start, end - start).Select(t => new string(Shades.Of(values[t, token]), cell)));
            if (!string.IsNullOrWhiteSpace(shades)) yield return Row(Printable.Line(drawing.Label(token)), shades);
        }
    }

    private string Path(long[] tokens, int start, int end) => Runs(tokens, token => token, start, end);

    private string Truth(IReadOnlyList<FrameInterval> spans, int start, int end)
    {
        int[] positions = [.. Enumerable.Repeat(-1, drawing.Frames)];
        for (int u = 0; u < spans.Count; u++)
        {
            int first = (int)(spans[u].Start / drawing.Stride), last = (int)Math.Ceiling(spans[u].End / drawing.Stride);
            for (int t = first; t < Math.Min(last, positions.Length); t++) positions[t] = u;
        }

        return Runs(positions, u => u < 0 ? drawing.Alphabet.Blank : drawing.Utterance.Target[u], start, end);
    }

    // The symbol of each run of equal values, in as many columns as its frames have.
    private string Runs<T>(IReadOnlyList<T> values, Func<T, long> tokenOf, int start, int end)
        where T : struct
    {
        string line = "";
        for (int from = start, to; from < end; from = to)
        {
            to = from + 1;
            while (to < end && values[to].Equals(values[from])) to++;
            int room = (to - from) * cell;
            long token = tokenOf(values[from]);
            line += token == drawing.Alphabet.Blank ? new string(Blank, room)
                : from > 0 && values[from - 1].Equals(values[from]) ? new string(Longer, room)
                : TextCells.Fit(Printable.Line(drawing.Label(token)), room, Longer);
        }

        return line;
    }

    private string Ticks(int start, int end)
    {
        string line = "";
        for (int t = start; t < end; t += 10) line += $"{t}".PadRight(10 * cell);
        return line;
    }

    private string Row(string label, string cells) => $"  {TextCells.Fit(label, labels, ' ')} {cells}".TrimEnd();

    private static string Shown(string text) => text.Length == 0 ? "∅" : Printable.Line(text);
}
