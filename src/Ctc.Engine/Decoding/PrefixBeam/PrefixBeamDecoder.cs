using Ctc.Engine.Lexica;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>Decodes by prefix beam search, with language model and hot words; several utterances at once.</summary>
/// <remarks>
/// Under a topology with a lattice of every path, such as one with learned transitions, and under one that adds tokens whose spelling depends on
/// their neighbours, such as the symbols of <c>topology: lexicon</c>, the candidates are what the best paths spell, as many paths as the width:
/// their sums are over these paths alone. With a lexicon of its own the search reads words in the second case too. Otherwise paths are read by the
/// rule of CTC, or, if the topology spells each frame of a token once more, without merging. Emission transforms are not applied: they shape
/// training. See <see cref="PrefixBeamSearch"/>.
/// </remarks>
/// <param name="options">Width, pruning, weights, hot words.</param>
[Part(
    "prefix-beam",
    typeof(PrefixBeamOptions),
    Summary = "The most likely tokens, summed over their paths, with a language model and hot words: n best hypotheses.",
    Formula = "argmax_u ln Σ_π→u Π_t p_t(π_t) + weight · ln P(u) + bonus · |u| + hot words",
    Paper = "Graves, Supervised Sequence Labelling with Recurrent Neural Networks, 2012; Hannun et al., arXiv 1408.2873",
    Needs = Needs.Recursion)]
public sealed class PrefixBeamDecoder(PrefixBeamOptions options) : IDecoder
{
    private readonly Lexicon? lexicon = options.Lexicon is { } file ? Lexicon.Read(file) : null;
    private Fusion? last; // keeps what it knows of the language model from batch to batch

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Words are asked for, and the tokens have no symbols.</exception>
    /// <exception cref="InvalidDataException">No word of the lexicon has symbols that are tokens.</exception>
    /// <exception cref="NotSupportedException">
    /// The topology reads a token in all frames neither as one nor as one for each frame, or has a lattice of every path beside a lexicon.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        using DisposeScope scope = torch.NewDisposeScope();
        Vocabulary vocabulary = reading.Batch.Vocabulary;
        Fusion fusion = last is { } known && known.IsOf(vocabulary, reading.LanguageModel)
            ? known
            : last = new Fusion(vocabulary, options, reading.LanguageModel, lexicon, options.UnknownWord);
        if (lexicon is not null && reading.Everything is not null)
        {
            throw new NotSupportedException(
                "The topology has a lattice of every path, and a lexicon is given; expected a topology without, "
                + "because a lexicon constrains prefixes.");
        }

        if (reading.Everything is not null || (lexicon is null && SpellsByNeighbours(vocabulary))) return OfBestPaths(reading, fusion);

        bool merges = SpellsByNeighbours(vocabulary) || MergesRepeats(reading);
        Tensor scores = reading.LogProbs.to(torch.float64).transpose(0, 1).contiguous().cpu(); // [B, T, V]
        var memory = new TensorMemory<double>(scores);
        (long total, long tokens) = (scores.shape[1], scores.shape[2]);
        var read = new IReadOnlyList<Hypothesis>[reading.Batch.Size];
        Workers.Share(read.Length, b =>
        {
            var search = new PrefixBeamSearch(fusion, options, merges);
            for (long t = 0; t < reading.Batch.Frames[b]; t++) search.Read(memory.Slice(((b * total) + t) * tokens, (int)tokens));
            read[b] = search.FindBest();
        });
        GC.KeepAlive(scores);
        return read;
    }

    // What such a token spells is known of whole paths alone, as for the symbols of a lexicon.
    private static bool SpellsByNeighbours(Vocabulary vocabulary) => vocabulary.Added.Any(token => token.Spelling.Count == 0);

    // Whether equal tokens in consecutive frames are read once: the topology spells a path of one token.
    private static bool MergesRepeats(Reading reading)
    {
        Batch batch = reading.Batch;
        long token = batch.Blank == 0 ? 1 : 0;
        if (batch.Size == 0 || batch.Frames.Max() < 2 || token >= batch.Tokens) return true; // both rules are one
        int longest = Enumerable.Range(0, batch.Size).MaxBy(b => batch.Frames[b]);
        long[] path = new long[reading.LogProbs.shape[0] * batch.Size];
        Array.Fill(path, token);
        var paths = new BatchPaths(null, torch.tensor(path, [1, path.Length / batch.Size, batch.Size]), torch.zeros(1, batch.Size));
        int spelled = reading.Spell(paths)[0][longest].Length, each = batch.Vocabulary.Spelling(token).Count;
        if (spelled == each) return true;
        if (spelled == each * batch.Frames[longest]) return false;
        throw new NotSupportedException(
            $"The topology reads {batch.Frames[longest]} equal tokens as {spelled}; expected 1, or one for each frame, "
            + "because prefixes are read by one of these rules.");
    }

    private IReadOnlyList<IReadOnlyList<Hypothesis>> OfBestPaths(Reading reading, Fusion fusion)
    {
        BatchPaths paths = reading.FindBest(options.Width);
        int count = (int)paths.Tokens.shape[0], total = (int)paths.Tokens.shape[1], size = reading.Batch.Size;
        double[] scores = Numbers<double>(paths.Scores.to(torch.float64)); // [k, B]
        long[] tokens = Numbers<long>(paths.Tokens.permute(0, 2, 1)); // [k, B, T]
        IReadOnlyList<IReadOnlyList<long[]>> spelled = reading.Spell(paths);
        return [.. Enumerable.Range(0, size).Select(Best)];

        IReadOnlyList<Hypothesis> Best(int b)
        {
            Hypothesis[] best =
            [
                .. Enumerable.Range(0, count)
                    .Where(k => scores[(k * size) + b] > double.NegativeInfinity)
                    .GroupBy(k => string.Join(' ', spelled[k][b]))
                    .Select(same =>
                    {
                        int first = same.First(); // the best path
                        double most = scores[(first * size) + b];
                        double sum = most + Math.Log(same.Sum(k => Math.Exp(scores[(k * size) + b] - most)));
                        long[] path = tokens.AsSpan(((first * size) + b) * total, (int)reading.Batch.Frames[b]).ToArray();
                        return new Hypothesis(spelled[first][b], sum + fusion.Score(spelled[first][b])) { Path = path };
                    })
                    .OrderByDescending(hypothesis => hypothesis.Score)
                    .Take(options.Hypotheses),
            ];
            return best.Length > 0 ? best : [new Hypothesis([], double.NegativeInfinity)];
        }

        static T[] Numbers<T>(Tensor values)
            where T : unmanaged => values.numel() == 0 ? [] : values.contiguous().cpu().data<T>().ToArray();
    }
}
