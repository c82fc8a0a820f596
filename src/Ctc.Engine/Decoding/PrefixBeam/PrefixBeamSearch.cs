using System.Runtime.CompilerServices;
using Ctc.Engine.Lexica;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>Prefix beam search in one utterance, whose frames may come in pieces. Of one thread at a time.</summary>
/// <remarks>
/// <para>
/// A prefix is a sequence of tokens that paths spell so far. For each prefix of the beam the sums over its paths that end in a blank, and in another
/// token, are exact as long as its beginnings stay in the beam; with a width above the number of labellings nothing is left out. The same frames
/// give the same hypotheses, whole or in pieces. Equal scores are ordered by the prefix that is extended and by the token.
/// </para>
/// <para>Source: Graves, "Supervised Sequence Labelling with Recurrent Neural Networks", 2012; Hannun et al., arXiv 1408.2873.</para>
/// </remarks>
public sealed class PrefixBeamSearch
{
    private readonly PrefixBeamOptions options;
    private readonly Fusion fusion;
    private readonly WordTree? words;
    private readonly bool merges;
    private readonly int tokens, blank;
    private readonly double skipped;
    private readonly PrefixTree tree = new();
    private readonly PathLog log = new();
    private readonly BeamMemory memory;
    private readonly Candidates candidates;
    private readonly LikelyTokens likely;
    private BeamItem[] items = new BeamItem[1], next = new BeamItem[1];
    private int count;

    /// <summary>Starts a search.</summary>
    /// <param name="vocabulary">The tokens that frames score.</param>
    /// <param name="options">By default width 16 and nothing else.</param>
    /// <param name="model">The language model; null, the default, for none.</param>
    /// <param name="mergesRepeats">Whether equal tokens in consecutive frames are read once, as under CTC; by default they are.</param>
    /// <param name="lexicon">The words that are read; null, the default, for those of the file that the options name, if any.</param>
    /// <exception cref="ArgumentException">Hot words, a lexicon or a language model of words are given for tokens without symbols.</exception>
    /// <exception cref="InvalidDataException">
    /// No word of the lexicon has symbols that are tokens, its file cannot be read, or unknown words are read and nothing ends them.
    /// </exception>
    public PrefixBeamSearch(
        Vocabulary vocabulary,
        PrefixBeamOptions? options = null,
        ILanguageModel? model = null,
        bool mergesRepeats = true,
        Lexicon? lexicon = null)
        : this(
            new Fusion(
                vocabulary ?? throw new ArgumentNullException(nameof(vocabulary)),
                options ?? new(),
                model,
                lexicon ?? (options?.Lexicon is { } file ? Lexicon.Read(file) : null),
                options?.UnknownWord),
            options ?? new(),
            mergesRepeats)
    {
    }

    internal PrefixBeamSearch(Fusion fusion, PrefixBeamOptions options, bool mergesRepeats)
    {
        (this.fusion, this.options, merges, words) = (fusion, options, mergesRepeats, fusion.Words);
        (tokens, blank) = ((int)fusion.Vocabulary.Size, (int)(fusion.Vocabulary.Blank ?? Candidate.NoStep));
        skipped = options.SkipBlank is { } share && blank >= 0 ? Math.Log(share) : double.PositiveInfinity;
        candidates = new Candidates(options.Width);
        memory = new BeamMemory(tree, log);
        likely = new LikelyTokens(tokens, blank, options.TopTokens);
        Reset();
    }

    /// <summary>Gets the number of frames read.</summary>
    public int Frames { get; private set; }

    /// <summary>Returns to the start of an utterance.</summary>
    public void Reset()
    {
        memory.Clear();
        fusion.Begin(ref tree[PrefixTree.Root]);
        tree[PrefixTree.Root].Item = 0;
        items[0] = new BeamItem
        {
            Prefix = PrefixTree.Root, Other = double.NegativeInfinity, BestOther = double.NegativeInfinity,
            BlankRun = PathLog.None, OtherRun = PathLog.None,
        };
        (count, Frames) = (1, 0);
    }

    /// <summary>Reads frames.</summary>
    /// <param name="logProbs">N times V log-probabilities in nats, frame by frame; −∞ is allowed. After a NaN there is no hypothesis.</param>
    /// <exception cref="ArgumentException">They are no whole frames.</exception>
    public void Read(ReadOnlySpan<double> logProbs)
    {
        if (logProbs.Length % tokens != 0)
        {
            throw new ArgumentException($"There are {logProbs.Length} scores; expected a multiple of the {tokens} tokens.", nameof(logProbs));
        }

        for (; !logProbs.IsEmpty; logProbs = logProbs[tokens..])
        {
            ReadFrame(logProbs[..tokens]);
            Frames++;
        }
    }

    /// <summary>Returns the best sequences of tokens so far, as if the utterance ended here.</summary>
    /// <returns>
    /// The best first, at most as many as the options name. The score is the log-probability of the tokens plus language model, bonus and hot words;
    /// the path is the best one that spells them. Under a lexicon the hypotheses differ in their words, and pronunciations of the same words add up.
    /// Without any path one hypothesis without tokens, of score −∞.
    /// </returns>
    public IReadOnlyList<Hypothesis> FindBest()
    {
        var found = new List<ReadPrefix>(count);
        for (int i = 0; i < count; i++)
        {
            int prefix = items[i].Prefix;
            found.Add(new ReadPrefix(items[i].Sum + tree[prefix].Fused + fusion.End(tree, prefix), items[i].Sum, i, tree.Steps(prefix)));
        }

        IEnumerable<Hypothesis> best = new BeamReading(fusion, merges)
            .Combine(found).Take(options.Hypotheses).Select(read => read.ToHypothesis(PathOf(items[read.Item])));
        Hypothesis[] hypotheses = [.. best];
        return hypotheses.Length > 0 ? hypotheses : [new Hypothesis([], double.NegativeInfinity)];
    }

    private long[] PathOf(in BeamItem item) => log.Read(item.LastRun(endsInBlank: false), Frames);

    private void ReadFrame(ReadOnlySpan<double> frame)
    {
        for (int v = 0; v < frame.Length; v++)
        {
            if (!double.IsNaN(frame[v])) continue;
            Leave();
            count = 0;
            return;
        }

        Stay(frame);
        if (blank >= 0 && frame[blank] >= skipped)
        {
            ReadBlank();
            return;
        }

        ReachPrefixesOfBeam(frame);
        double best = double.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            double score = LogSum.Of(items[i].NextBlank, items[i].NextOther) + tree[items[i].Prefix].Fused;
            if (score == double.NegativeInfinity) continue;
            best = Math.Max(best, score);
            candidates.Add(new Candidate(score, i, Candidate.NoStep));
        }

        Extend(frame, best);
        Advance(frame);
    }

    private void ReadBlank()
    {
        for (int i = 0; i < count; i++)
        {
            items[i].BlankRun = items[i].RunOfBlank(log, blank, Frames);
            items[i].OtherRun = PathLog.None;
            items[i].Continue(blankOnly: true);
        }

        memory.KeepWhatIsUsed(items.AsSpan(0, count));
    }

    // The paths of each prefix, with a blank more or its last token once more.
    private void Stay(ReadOnlySpan<double> frame)
    {
        double ofBlank = blank < 0 ? double.NegativeInfinity : frame[blank];
        for (int i = 0; i < count; i++)
        {
            ref BeamItem item = ref items[i];
            int last = tree[item.Prefix].Token;
            double ofLast = merges && last >= 0 ? frame[last] : double.NegativeInfinity;
            (item.NextBlank, item.NextOther) = (item.Sum + ofBlank, item.Other + ofLast);
            item.NextBestBlank = Math.Max(item.BestBlank, item.BestOther) + ofBlank;
            item.NextBestOther = item.BestOther + ofLast;
            item.Extends = PrefixTree.None;
        }
    }

    // Paths that extend one prefix of the beam into another one.
    private void ReachPrefixesOfBeam(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < count; j++)
        {
            ref BeamItem reached = ref items[j];
            ref Prefix prefix = ref tree[reached.Prefix];
            if (prefix.Parent == PrefixTree.None || tree[prefix.Parent].Item is var from && from == PrefixTree.None) continue;
            (double sum, double best) = From(from, prefix.Token);
            reached.NextOther = LogSum.Of(reached.NextOther, sum + frame[prefix.Token]);
            if (!(best + frame[prefix.Token] > reached.NextBestOther)) continue;
            reached.NextBestOther = best + frame[prefix.Token];
            reached.Extends = from;
        }
    }

    // Under the merging of repeats, a token extends only those paths that do not end in it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NeedsBlank(int i, int token) => merges && tree[items[i].Prefix].Token == token;

    // The paths of a prefix that a token extends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (double Sum, double Best) From(int i, int token) => NeedsBlank(i, token)
        ? (items[i].Blank, items[i].BestBlank)
        : (items[i].Sum, Math.Max(items[i].BestBlank, items[i].BestOther));

    // Adds the prefixes that are not in the beam. Prefixes and tokens are in descending order, so that most are never looked at.
    private void Extend(ReadOnlySpan<double> frame, double best)
    {
        double most = fusion.MostGain, largest = count == 0 ? double.NegativeInfinity : Base(0);
        double gap = options.Threshold ?? double.PositiveInfinity;
        ReadOnlySpan<int> order = likely.Choose(frame, Math.Max(candidates.Least, best - gap) - largest - most);
        if (order.IsEmpty) return;
        for (int i = 0; i < count; i++)
        {
            double from = Base(i);
            if (from + frame[order[0]] + most < Math.Max(candidates.Least, best - gap)) break;
            int prefix = items[i].Prefix;
            double fused = tree[prefix].Fused;
            bool hasChildren = tree[prefix].FirstChild != PrefixTree.None;
            for (int k = 0; k < order.Length; k++)
            {
                int token = order[k];
                if (from + frame[token] + most < Math.Max(candidates.Least, best - gap)) break;
                double score = From(i, token).Sum + frame[token] + fused;
                if (score + most < candidates.Least) continue;
                foreach (int step in words is null ? order.Slice(k, 1) : words.Steps(tree[prefix].Node, token))
                {
                    if (hasChildren && IsInBeam(tree.Find(prefix, step))) continue;
                    double extended = score + fusion.Gain(tree, prefix, step);
                    if (extended == double.NegativeInfinity) continue;
                    best = Math.Max(best, extended);
                    candidates.Add(new Candidate(extended, i, step));
                }
            }
        }

        bool IsInBeam(int child) => child != PrefixTree.None && tree[child].Item != PrefixTree.None;

        double Base(int i) => items[i].Sum + tree[items[i].Prefix].Fused;
    }

    // Makes the beam of the next frame.
    private void Advance(ReadOnlySpan<double> frame)
    {
        ReadOnlySpan<Candidate> kept = candidates.TakeSorted();
        if (kept.Length > 0 && options.Threshold is { } gap)
        {
            double least = kept[0].Score - gap;
            while (kept[^1].Score < least) kept = kept[..^1];
        }

        if (next.Length < kept.Length) next = new BeamItem[Math.Min(options.Width, 2 * kept.Length)];
        for (int k = 0; k < kept.Length; k++)
        {
            (_, int from, int step) = kept[k];
            next[k] = step == Candidate.NoStep ? Stayed(from) : Extended(from, step, frame);
        }

        Leave();
        (items, next, count) = (next, items, kept.Length);
        for (int i = 0; i < count; i++) tree[items[i].Prefix].Item = i;
        memory.KeepWhatIsUsed(items.AsSpan(0, count));
    }

    private BeamItem Stayed(int from)
    {
        BeamItem item = items[from];
        int last = tree[item.Prefix].Token;
        if (item.Extends != PrefixTree.None) item.OtherRun = log.Begin(items[item.Extends].LastRun(NeedsBlank(item.Extends, last)), last, Frames);
        item.BlankRun = items[from].RunOfBlank(log, blank, Frames);
        item.Continue(blankOnly: false);
        return item;
    }

    private BeamItem Extended(int from, int step, ReadOnlySpan<double> frame)
    {
        int token = words?.TokenOf(step) ?? step;
        double score = frame[token];
        (double sum, double best) = From(from, token);
        int parent = items[from].Prefix;
        int prefix = tree.Find(parent, step);
        if (prefix == PrefixTree.None)
        {
            prefix = tree.Add(parent, step, token);
            fusion.Enter(tree, prefix);
        }

        return new BeamItem
        {
            Prefix = prefix,
            Blank = double.NegativeInfinity, Other = sum + score, Sum = sum + score,
            BestBlank = double.NegativeInfinity, BestOther = best + score,
            BlankRun = PathLog.None, OtherRun = log.Begin(items[from].LastRun(NeedsBlank(from, token)), token, Frames),
        };
    }

    private void Leave()
    {
        for (int i = 0; i < count; i++) tree[items[i].Prefix].Item = PrefixTree.None;
    }
}
