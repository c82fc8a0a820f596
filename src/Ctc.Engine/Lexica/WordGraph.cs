namespace Ctc.Engine.Lexica;

/// <summary>
/// The graph of a target of words: between the blanks around a word, or between pauses, there are the tokens of each of its readings.
/// </summary>
/// <remarks>
/// With one reading of each word it has the states, arcs and ties of CTC over their tokens. With pauses there is none within a word, all of them may
/// be skipped, and a separator between words is one of them. The logarithm of a weight is the score of the arcs that
/// enter the reading. States are in the order of the target; those of the readings of a word follow one another.
/// </remarks>
internal sealed class WordGraph
{
    private readonly List<long> labels = [];
    private readonly List<(int Word, int Reading, long Position)> owners = [];
    private readonly List<GraphArc> arcs = [];
    private readonly List<ScoredState> initial = [];
    private readonly long blank;
    private readonly bool arePauses;

    /// <param name="words">The words of the target, each with one reading or more.</param>
    /// <param name="blank">The token of the blank, or of pauses.</param>
    /// <param name="arePauses">Whether it is that of pauses.</param>
    public WordGraph(IReadOnlyList<TargetWord> words, long blank, bool arePauses = false)
    {
        (this.blank, this.arePauses) = (blank, arePauses);
        int before = Enter(blank, null, 0);
        List<(int State, long Token)> ends = [];
        initial.Add(new ScoredState(before));
        for (int w = 0; w < words.Count; w++)
        {
            if (arePauses && words[w].IsSeparator)
            {
                owners[before] = (-1, -1, words[w].Start);
                continue;
            }

            var next = new List<(int State, long Token)>();
            for (int r = 0; r < words[w].Readings.Count; r++) next.Add(AddReading(words[w], w, r, before, ends, isFirst: ends.Count == 0));
            before = Enter(blank, null, 0);
            foreach ((int state, _) in next) arcs.Add(new GraphArc(state, before));
            ends = next;
        }

        Graph = new Graph(
            labels,
            arcs,
            initial,
            [.. ends.Select(end => new ScoredState(end.State)), new ScoredState(before)],
            words.Count == 0 ? 0 : double.NegativeInfinity);
    }

    /// <summary>Gets the graph.</summary>
    public Graph Graph { get; }

    /// <summary>Gets for each state the position in the target of what it reads; −1 for blanks, and for tokens beyond the length of a word.</summary>
    public IEnumerable<long> Positions => owners.Select(owner => owner.Position);

    /// <summary>Returns the word of a state, and its reading.</summary>
    /// <returns>Null for a blank between words.</returns>
    public (int Word, int Reading)? OwnerOf(long state) => owners[(int)state] is (>= 0 and var word, var reading, _) ? (word, reading) : null;

    private (int State, long Token) AddReading(TargetWord word, int w, int r, int before, List<(int State, long Token)> ends, bool isFirst)
    {
        TokenReading reading = word.Readings[r];
        int state = -1;
        for (int k = 0; k < reading.Tokens.Count; k++)
        {
            long token = reading.Tokens[k], position = PositionOf(k);
            if (k == 0)
            {
                state = Enter(token, (w, r), position);
                arcs.Add(new GraphArc(before, state, reading.Score));
                foreach ((int end, long last) in ends) if (arePauses || last != token) arcs.Add(new GraphArc(end, state, reading.Score));
                if (isFirst) initial.Add(new ScoredState(state, reading.Score));
                continue;
            }

            if (arePauses)
            {
                arcs.Add(new GraphArc(state, Enter(token, (w, r), position)));
                state = labels.Count - 1;
                continue;
            }

            int within = Enter(blank, (w, r), -1), next = Enter(token, (w, r), position);
            arcs.Add(new GraphArc(state, within));
            arcs.Add(new GraphArc(within, next));
            if (token != reading.Tokens[k - 1]) arcs.Add(new GraphArc(state, next));
            state = next;
        }

        return (state, reading.Tokens[^1]);

        // In proportion; each position is read by one token at most.
        long PositionOf(int k)
        {
            long Place(int of) => word.Start + ((long)of * word.Length / reading.Tokens.Count);
            return k > 0 && Place(k) == Place(k - 1) ? -1 : Place(k);
        }
    }

    // Adds a state that may last.
    private int Enter(long token, (int Word, int Reading)? owner, long position)
    {
        labels.Add(token);
        owners.Add((owner?.Word ?? -1, owner?.Reading ?? -1, token == blank ? -1 : position));
        arcs.Add(new GraphArc(labels.Count - 1, labels.Count - 1));
        return labels.Count - 1;
    }
}

/// <summary>A word of a target.</summary>
/// <param name="text">Its symbols, joined.</param>
/// <param name="start">The position of its first token in the target.</param>
/// <param name="length">The number of its tokens in the target.</param>
/// <param name="readings">One or more.</param>
/// <param name="isSeparator">Whether it is the symbol between words.</param>
internal sealed class TargetWord(string text, int start, int length, IReadOnlyList<TokenReading> readings, bool isSeparator = false)
{
    public bool IsSeparator { get; } = isSeparator;

    public string Text { get; } = text;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public IReadOnlyList<TokenReading> Readings { get; } = readings;
}

/// <summary>A pronunciation in tokens.</summary>
/// <param name="tokens">One or more.</param>
/// <param name="score">The logarithm of its weight.</param>
internal sealed class TokenReading(IReadOnlyList<long> tokens, double score)
{
    public IReadOnlyList<long> Tokens { get; } = tokens;

    public double Score { get; } = score;
}
