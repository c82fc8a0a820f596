namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>Makes hypotheses of the prefixes that a beam holds at the end.</summary>
/// <param name="fusion">The tokens, and the words that steps end.</param>
/// <param name="merges">Whether equal tokens in consecutive frames are read once.</param>
internal sealed class BeamReading(Fusion fusion, bool merges)
{
    private readonly Vocabulary vocabulary = fusion.Vocabulary;
    private readonly WordTree? words = fusion.Words;

    /// <summary>Adds up ways to read one sequence.</summary>
    /// <returns>The possible ones, the best first; of equal ones in the order of the beam.</returns>
    public IEnumerable<CombinedPrefix> Combine(IReadOnlyList<ReadPrefix> found)
    {
        IEnumerable<CombinedPrefix> all =
            words is not null ? ByWords(found)
            : vocabulary.Added.Count > 0 ? BySpelling(found)
            : found.Select(read => new CombinedPrefix(this, read.Score, read, [.. read.Steps.Select(step => (long)step)]));
        return all.Where(read => read.Score > double.NegativeInfinity).OrderByDescending(read => read.Score).ThenBy(read => read.Item);
    }

    /// <summary>Finds the words of steps and their frames on a path.</summary>
    /// <returns>Null without a lexicon.</returns>
    public IReadOnlyList<WordSpan>? FindWords(int[] steps, long[] path)
    {
        if (words is null) return null;
        IReadOnlyList<FrameSpan> spans = TokenRuns.Find(path, vocabulary.Blank, merges);
        return
        [
            .. Words(steps).Select(word => new WordSpan(
                TextOf(steps, word),
                word.Reading?.Pronunciation.Symbols ?? SymbolsOf(steps, word),
                new FrameSpan(spans[word.Start].Start, spans[word.End - 1].End))),
        ];
    }

    // Tokens that are added may spell one sequence in several ways, whose probabilities add up.
    private IEnumerable<CombinedPrefix> BySpelling(IReadOnlyList<ReadPrefix> found) => found
        .Select(read => (Read: read, Tokens: (long[])[.. read.Steps.SelectMany(step => vocabulary.Spelling(step))]))
        .GroupBy(read => string.Join(' ', read.Tokens))
        .Select(same =>
        {
            (ReadPrefix first, long[] tokens) = same.First();
            double sum = same.Select(read => read.Read.Sum).Aggregate(LogSum.Of);
            return new CombinedPrefix(this, first.Score - first.Sum + sum, first, tokens);
        });

    // The same words by several pronunciations; the likeliest of them is shown.
    private IEnumerable<CombinedPrefix> ByWords(IReadOnlyList<ReadPrefix> found) => found
        .Where(read => read.Score > double.NegativeInfinity)
        .GroupBy(read => string.Join('\0', Words(read.Steps).Select(word => TextOf(read.Steps, word))))
        .Select(same => new CombinedPrefix(
            this, same.Select(read => read.Score).Aggregate(LogSum.Of), same.MaxBy(read => read.Score)!, []))
        .Select(read => read.WithTokens([.. TargetOf(read.Steps)]));

    // The words as targets have them, with the separators that are read.
    private IEnumerable<long> TargetOf(int[] steps)
    {
        int at = 0;
        foreach (WordSteps word in Words(steps).Append(new WordSteps(steps.Length, steps.Length, null)))
        {
            foreach (long token in Spelled(steps[at..word.Start])) yield return token;
            foreach (long token in word.Reading?.Target ?? Spelled(steps[word.Start..word.End])) yield return token;
            at = word.End;
        }
    }

    private IEnumerable<long> Spelled(IEnumerable<int> steps) => steps.SelectMany(step => vocabulary.Spelling(step));

    private string TextOf(int[] steps, WordSteps word) => word.Reading?.Pronunciation.Word ?? string.Concat(SymbolsOf(steps, word));

    private string[] SymbolsOf(int[] steps, WordSteps word) => [.. steps[word.Start..word.End].Select(step => vocabulary.Symbol(step))];

    // What is between them are separators.
    private IEnumerable<WordSteps> Words(int[] steps)
    {
        (int node, int start) = (WordTree.Root, 0);
        for (int k = 0; k < steps.Length; k++)
        {
            int next = words!.Next(node, steps[k]);
            if (words.EndedBy(steps[k]) is >= 0 and var ended) yield return new WordSteps(start, k + 1, words.Readings[ended]);
            else if (words.EndsOther(node) && next == WordTree.Root) yield return new WordSteps(start, k, null);
            if (words.EndedBy(steps[k]) >= 0 || next == WordTree.Root) start = k + 1;
            node = next;
        }

        if (words!.EndsOther(node)) yield return new WordSteps(start, steps.Length, null);
    }

    // From the first step of a word up to the one after its last; without a pronunciation the lexicon does not have it.
    private readonly record struct WordSteps(int Start, int End, WordReading? Reading);
}

/// <summary>A prefix at the end of a search.</summary>
/// <param name="Score">With all that is beside the model's output.</param>
/// <param name="Sum">The log-sum over its paths.</param>
/// <param name="Item">Its place in the beam.</param>
/// <param name="Steps">Its steps.</param>
internal sealed record ReadPrefix(double Score, double Sum, int Item, int[] Steps);

/// <summary>What one prefix reads, or several that read the same.</summary>
/// <param name="reading">Finds the words.</param>
/// <param name="score">Of all of them.</param>
/// <param name="best">The one whose path is shown.</param>
/// <param name="tokens">The tokens of the targets.</param>
internal sealed class CombinedPrefix(BeamReading reading, double score, ReadPrefix best, long[] tokens)
{
    public double Score => score;

    public int Item => best.Item;

    public int[] Steps => best.Steps;

    public CombinedPrefix WithTokens(long[] spelled) => new(reading, score, best, spelled);

    public Hypothesis ToHypothesis(long[] path) => new(tokens, score) { Path = path, Words = reading.FindWords(Steps, path) };
}
