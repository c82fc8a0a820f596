using Ctc.Engine.Decoding;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Readings;

namespace Ctc.Experiments.Pictures;

/// <summary>The input of <see cref="AlignmentPicture"/>: one utterance and the output of a model for it.</summary>
public sealed class AlignmentDrawing
{
    private const int SmallAlphabet = 16, MostTokens = 40;

    private long[]? likeliest;
    private int[]? shown;

    /// <summary>Collects what is drawn. Arrays are not copied.</summary>
    /// <param name="utterance">Its features, target and, where known, true spans.</param>
    /// <param name="alphabet">The tokens of the target and the blank.</param>
    /// <param name="posteriors">[T, V] probabilities. T may be smaller than the utterance's frames: a model may join some.</param>
    /// <param name="occupancy">[T, V] the share γ of each token in each frame, given the target; null if the target does not fit.</param>
    /// <param name="viterbiPath">[T] the token of each frame on the best path of the target; null if the target does not fit.</param>
    /// <param name="decoded">The text that the model decodes.</param>
    public AlignmentDrawing(
        Utterance utterance, Alphabet alphabet, float[,] posteriors, float[,]? occupancy, long[]? viterbiPath, string decoded)
    {
        Utterance = utterance;
        Alphabet = alphabet;
        Vocabulary = new Vocabulary(alphabet);
        Posteriors = posteriors;
        Occupancy = occupancy;
        ViterbiPath = viterbiPath;
        Decoded = decoded;
    }

    /// <summary>Gets the utterance.</summary>
    public Utterance Utterance { get; }

    /// <summary>Gets the alphabet.</summary>
    public Alphabet Alphabet { get; }

    /// <summary>Gets the tokens of the rows: those of the alphabet and those that the topology adds.</summary>
    /// <value>By default none is added.</value>
    public Vocabulary Vocabulary { get; init; }

    /// <summary>Gets where each token of the target begins and ends by a kind of edges, in frames of the utterance.</summary>
    /// <value>By default none, which draws none.</value>
    public IReadOnlyList<FrameInterval> Edges { get; init; } = [];

    /// <summary>
    /// Gets the probabilities of each head of the objective by its name, [T, V], where T may be another number of frames of the same utterance.
    /// Those of other V are not drawn.
    /// </summary>
    /// <value>None by default.</value>
    public IReadOnlyList<(string Name, float[,] Posteriors)> Heads { get; init; } = [];

    /// <summary>Gets the probabilities, [T, V].</summary>
    public float[,] Posteriors { get; }

    /// <summary>Gets the occupancy, [T, V]; null if the target does not fit.</summary>
    public float[,]? Occupancy { get; }

    /// <summary>Gets the best path of the target, [T]; null if the target does not fit.</summary>
    public long[]? ViterbiPath { get; }

    /// <summary>Gets the text that the model decodes.</summary>
    public string Decoded { get; }

    /// <summary>Gets what the decoder reads, the best first.</summary>
    /// <value>None by default, which draws none.</value>
    public IReadOnlyList<Hypothesis> Hypotheses { get; init; } = [];

    /// <summary>Gets the path of a hypothesis, to draw it beside the frames.</summary>
    /// <param name="hypothesis">One of <see cref="Hypotheses"/>.</param>
    /// <returns>[T] tokens; null if its decoder knows none with a token of [0, V) in each frame.</returns>
    public long[]? FindPath(Hypothesis hypothesis) =>
        hypothesis?.Path is { } path && path.Length == Frames && path.All(token => token >= 0 && token < Vocabulary.Size) ? path : null;

    /// <summary>Gets the words of the target on its best path, under a topology with several pronunciations.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<AlignedWord> Words { get; init; } = [];

    /// <summary>Gets the duration of a frame of the utterance, in milliseconds; null, the default, labels the axis with frames.</summary>
    public double? FrameMilliseconds { get; init; }

    /// <summary>Gets whether the frames follow one another from right to left, as in an image of a line in Hebrew.</summary>
    /// <value>By default they do not.</value>
    public bool IsRightToLeft { get; init; }

    /// <summary>Gets how the symbols of a target or a reading are joined to text; by default in their order.</summary>
    public Func<IReadOnlyList<string>, string> ToText { get; init; } = string.Concat;

    /// <summary>Writes tokens as text, in the order of reading.</summary>
    /// <param name="tokens">Tokens without blanks, in the order of the frames.</param>
    public string Format(IEnumerable<long> tokens) => ToText([.. tokens.Select(token => Alphabet[token])]);

    /// <summary>Gets whether there is a target to compare with. An empty one counts only if it was aligned: a new input has none.</summary>
    public bool HasTarget => Utterance.Target.Length > 0 || Occupancy is not null || ViterbiPath is not null;

    /// <summary>Gets T, the frames of the model.</summary>
    public int Frames => Posteriors.GetLength(0);

    /// <summary>Gets the number of frames of the utterance per frame of the model.</summary>
    public double Stride => StrideOf(Frames);

    /// <summary>Gets the number of frames of the utterance per frame of an output of so many frames.</summary>
    /// <param name="frames">Those of the model or of a head; 0 or more.</param>
    public double StrideOf(int frames) => frames == 0 ? 1 : Math.Max(1, Math.Round((double)Utterance.Frames / frames));

    /// <summary>
    /// Gets the tokens that have rows: all of a small alphabet, in its order; of a large one those of the target and of the reading, in the order of
    /// their first appearance along both, and then others that are the likeliest of a frame, at most 40. The blank is the last row.
    /// </summary>
    public IReadOnlyList<int> Rows => [.. Shown.Take(MostTokens), Blank];

    /// <summary>Gets the number of tokens that would have a row if more than 40 could.</summary>
    public int TokensWithoutRow => Math.Max(0, Shown.Length - MostTokens);

    private int Blank => (int)Alphabet.Blank;

    private int[] Shown => shown ??= FindShown();

    /// <summary>Finds the likeliest token of each frame.</summary>
    /// <returns>[T] tokens; the blank where it is as likely, or where no probability is a number. The same array at each call.</returns>
    public long[] FindLikeliest() => likeliest ??= [.. Enumerable.Range(0, Frames).Select(FindLikeliest)];

    /// <summary>Returns the label of a token, visible for every symbol.</summary>
    /// <param name="token">In [0, V).</param>
    /// <returns>The symbol; ␣ for a space, code points for other symbols without ink, and the word blank for the blank.</returns>
    public string Label(long token) => token == Blank ? "blank" : VisibleSymbol.From(Vocabulary.Symbol(token));

    private int[] FindShown()
    {
        int size = (int)Vocabulary.Size;
        IEnumerable<int> tokens = size <= SmallAlphabet
            ? Enumerable.Range(0, size)
            : InOrder().Concat(FindLikeliest()).Select(token => (int)token).Distinct();
        return [.. tokens.Where(token => token != Blank)];
    }

    // The tokens of the target and of what was read, side by side: a wrong one is beside the one that it was read for.
    private IEnumerable<long> InOrder()
    {
        long[] likeliest = FindLikeliest();
        long[] read = Hypotheses.Count > 0
            ? Hypotheses[0].Tokens
            : [.. TokenRuns.Find(likeliest, Blank, merges: true).Select(span => likeliest[span.Start])];
        foreach ((int there, int found) in EditDistance.Align<long>(Utterance.Target, read))
        {
            if (there >= 0) yield return Utterance.Target[there];
            if (found >= 0) yield return read[found];
        }
    }

    private long FindLikeliest(int t)
    {
        int best = Blank;
        for (int token = 0; token < Vocabulary.Size; token++)
        {
            if (Posteriors[t, token] > Posteriors[t, best]) best = token;
        }

        return best;
    }
}
