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
        var found = new List<WordSpan>();
        for (int k = 0; k < steps.Length; k++)
        {
            if (words.EndedBy(steps[k]) is var ended && ended < 0) continue;
            WordReading reading = words.Readings[ended];
            var frames = new FrameSpan(spans[k + 1 - reading.Tokens.Length].Start, spans[k].End);
            found.Add(new WordSpan(reading.Pronunciation.Word, reading.Pronunciation.Symbols, frames));
        }

        return found;
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
        .GroupBy(read => string.Join('\0', read.Steps.Where(step => words!.EndedBy(step) >= 0)
            .Select(step => words!.Readings[words.EndedBy(step)].Pronunciation.Word)))
        .Select(same => new CombinedPrefix(
            this, same.Select(read => read.Score).Aggregate(LogSum.Of), same.MaxBy(read => read.Score)!, []))
        .Select(read => read.WithTokens([.. TargetOf(read.Steps)]));

    // The words as targets have them, with the separators that are read.
    private IEnumerable<long> TargetOf(int[] steps)
    {
        int node = WordTree.Root;
        foreach (int step in steps)
        {
            int next = words!.Next(node, step);
            if (words.EndedBy(step) is >= 0 and var ended) foreach (long token in words.Readings[ended].Target) yield return token;
            else if (next == WordTree.Root) foreach (long token in vocabulary.Spelling(step)) yield return token;
            node = next;
        }
    }
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
