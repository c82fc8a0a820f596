using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Asg;

/// <summary>Options of <c>asg</c>.</summary>
public sealed record AsgOptions
{
    /// <summary>Gets the number of symbols for repetitions: the n-th repeats the token before it n times more.</summary>
    /// <value>0 to 9; the default is 1. With 0, equal neighbours of a target cannot be told from one token.</value>
    [Range(0, 9)]
    public int Repetitions { get; init; } = 1;

    /// <summary>Gets the transitions before the first step.</summary>
    /// <value>The default is zeros.</value>
    public Initial Initial { get; init; } = Initial.Zeros;

    /// <summary>Gets the factor on the learning rate of the transitions.</summary>
    /// <value>0.01 to 1000; the default is 20: by Adam, a score moves by about the learning rate in each step.</value>
    [Range(0.01, 1000.0)]
    public double LearningRateFactor { get; init; } = 20;
}

/// <summary>The transitions before the first step.</summary>
public enum Initial
{
    /// <summary>All 0.</summary>
    Zeros,

    /// <summary>The log-probabilities of the training set: how long a token lasts on average, and which follows which.</summary>
    Bigrams,
}

/// <summary>Tokens without a blank, with a learned score for each pair of neighbouring frames, normalised over all paths.</summary>
[Part(
    "asg",
    typeof(AsgOptions),
    Summary = "Tokens without a blank, and a learned score for each pair of neighbouring frames, normalised over all paths.",
    Formula = "L = ln Σ_{all π} e^{s(π)} − ln Σ_{π of the target} e^{s(π)},  s(π) = Σ_t y_t(π_t) + T[π_t, π_{t−1}]",
    Paper = "Collobert, Puhrsch and Synnaeve, Wav2Letter: an End-to-End ConvNet-based Speech Recognition System, 2016, arXiv 1609.03193")]
internal sealed class Asg(AsgOptions options) : torch.nn.Module("asg"), ITopology, ITrainingObserver, ILearningRate
{
    private static readonly Scalar Zero = 0L, One = 1L, NegativeInfinity = double.NegativeInfinity;

    public double Factor => options.LearningRateFactor;

    public IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets) =>
        [.. Enumerable.Range(1, options.Repetitions).Select(times => new AddedToken($"×{times + 1}", []))];

    public void Begin(TrainingSet training)
    {
        bool counted = options.Initial == Initial.Bigrams && training.Targets.Count > 0;
        long tokens = training.Vocabulary.Size;
        register_parameter("transitions", torch.nn.Parameter(counted ? Bigrams(training) : torch.zeros(tokens, tokens)));
    }

    public Lattices Build(Batch batch)
    {
        Lattice target = Lattice.CreateBanded(
            [.. batch.Targets.Select(target => Encode(target, batch.Vocabulary))],
            [0, 1],
            arc: (_, _, _) => 0,
            initial: (_, s) => Allowed(s == 0),
            final: (labels, s) => Allowed(s == labels.Length - 1),
            empty: labels => Allowed(labels.Length == 0),
            position: (labels, s) => labels.Take(s).Sum(token => Math.Max(1, token - batch.Vocabulary.TargetTokens + 1)));
        return new Lattices(Score(target, batch), BuildEverything(batch));
    }

    // A state for each token; none leads to the blank's.
    public Lattice? BuildEverything(Batch batch)
    {
        long tokens = batch.Tokens;
        using Scalar end = tokens, blank = batch.Blank ?? -1;
        Tensor labels = torch.arange(Zero, end, One), zeros = torch.zeros([batch.Size, tokens], torch.float64);
        Tensor entered = zeros.masked_fill(labels == blank, NegativeInfinity); // [B, V]
        var arcs = new IndexedArcs(labels.view(-1, 1, 1).expand(tokens, batch.Size, tokens), entered.expand(tokens, batch.Size, tokens));
        return Score(new Lattice(labels.expand(batch.Size, tokens), arcs, entered, zeros, zeros[.., 0]), batch);
    }

    public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary)
    {
        var spelled = new List<long>();
        for (int t = 0; t < path.Length; t++)
        {
            if (path[t] == vocabulary.Blank || (t > 0 && path[t] == path[t - 1])) continue;
            if (path[t] < vocabulary.TargetTokens) spelled.Add(path[t]);
            else if (spelled.Count > 0) spelled.AddRange(Enumerable.Repeat(spelled[^1], (int)(path[t] - vocabulary.TargetTokens) + 1));
        }

        return [.. spelled];
    }

    // a a a b becomes a ×3 b, or a ×2 a b with one symbol for repetitions.
    private static long[] Encode(long[] target, Vocabulary vocabulary)
    {
        var encoded = new List<long>();
        int repetitions = 0;
        for (int u = 0; u < target.Length; u++)
        {
            if (u == 0 || target[u] != target[u - 1] || repetitions == vocabulary.Added.Count)
            {
                encoded.Add(target[u]);
                repetitions = 0;
            }
            else if (repetitions++ == 0)
            {
                encoded.Add(vocabulary.TargetTokens);
            }
            else
            {
                encoded[^1]++;
            }
        }

        return [.. encoded];
    }

    // Adds T[label of the state, label of the source] to each arc.
    private Lattice Score(Lattice lattice, Batch batch)
    {
        if (get_parameter("transitions") is not { } transitions) return lattice;
        using Scalar tokens = batch.Tokens;
        Tensor pairs = (lattice.Labels * tokens).add(lattice.Arcs.AtSource(lattice.Labels), One); // [K, B, S]
        Tensor learned = transitions.cpu().flatten().index_select(0, pairs.flatten()).view(pairs.shape);
        return lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores.add(learned, One)));
    }

    private static Tensor Bigrams(TrainingSet training)
    {
        long tokens = training.Vocabulary.Size;
        long[][] targets = [.. training.Targets.Select(target => Encode(target, training.Vocabulary))];
        var counts = new float[tokens, tokens];
        foreach ((long from, long to) in targets.SelectMany(target => target.Zip(target.Skip(1)))) counts[to, from]++;
        double advances = Math.Clamp((double)targets.Sum(target => target.Length) / Math.Max(training.Frames.Sum(), 1), 0.01, 0.99);
        using Scalar moving = Math.Log(advances), staying = Math.Log(1 - advances);
        Tensor seen = torch.tensor(counts).add(One, One);
        Tensor moves = (seen / seen.sum(0, keepdim: true)).log().add(moving, One);
        return moves.masked_fill(torch.eye(tokens, dtype: torch.ScalarType.Bool), staying);
    }

    private static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}
