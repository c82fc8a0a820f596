using Ctc.Engine.Topologies;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>
/// A small ragged batch over any kind of lattice, drawn from a seed: each topology, graphs with cycles and parallel arcs, bands of any offsets;
/// plain or with random scores of arcs, starts and ends, which may depend on time; banded or indexed; in a quarter of the cases some labels are
/// classes of tokens; some emissions are −∞, padding is NaN.
/// </summary>
/// <param name="Lattice">Of B utterances.</param>
/// <param name="Scores">[T, B, V].</param>
/// <param name="Frames">B lengths.</param>
internal sealed record LatticeCase(Lattice Lattice, Tensor Scores, IReadOnlyList<long> Frames)
{
    public static readonly string[] Topologies = ["ctc", "modified", "no-blank", "selfless", "graph"];

    /// <param name="seed">Decides everything.</param>
    /// <param name="exact">Whether all scores are multiples of 1/8, and close together, so that sums are exact and ties common.</param>
    public static LatticeCase Draw(int seed, bool exact = false)
    {
        (Batch batch, Tensor scores) = Batch(seed, exact);
        var random = new Random(seed);
        int kind = seed % (Topologies.Length + 1);
        Lattice lattice = kind < Topologies.Length ? Topology(Topologies[kind]).Build(batch).Numerator : Band(random, batch, exact);
        if (random.Next(3) == 0 && lattice.Arcs is BandedArcs banded) lattice = lattice.WithArcs(Indexed(banded, lattice.Labels.shape[1]));
        if (random.Next(3) != 0) lattice = Rescored(random, lattice, batch, scores.shape[0], exact);
        return new LatticeCase(seed % 7 % 3 == 1 ? WithClasses(new Random(seed), lattice, batch, exact) : lattice, scores, batch.Frames);
    }

    /// <summary>Targets, graphs and scores for any topology: T ≤ 6, V ≤ 4, B ≤ 3; some targets repeat, are empty, or do not fit.</summary>
    public static (Batch Batch, Tensor Scores) Batch(int seed, bool exact)
    {
        var random = new Random(seed);
        int total = random.Next(10) == 0 ? 1 : random.Next(3, 7), size = random.Next(1, 4), tokens = random.Next(12) == 0 ? 1 : random.Next(2, 5);
        long blank = random.Next(tokens);
        long[] labels = [.. Enumerable.Range(0, tokens).Select(v => (long)v).Where(v => v != blank)];
        long[] frames = [.. Enumerable.Range(0, size).Select(b => b == 0 ? total : random.Next(8) == 0 ? 0 : random.NextInt64(1, total + 1))];
        int Length(long n) => random.Next(10) switch { 0 => 0, 1 => 4, _ => random.Next(1, (int)Math.Clamp(n, 1, 3) + 1) };
        long[][] targets =
            [.. frames.Select(n => Enumerable.Range(0, labels.Length == 0 ? 0 : Length(n))
                .Select(_ => labels[random.Next(labels.Length)]).ToArray())];
        Graph?[] graphs = [.. targets.Select(_ => random.Next(4) == 0 ? null : Graph(random, tokens, exact))];

        Tensor scores = Noise(random, [total, size, tokens], exact);
        if (random.Next(4) == 0) scores = scores.masked_fill(Noise(random, scores.shape, exact: false) < -0.8, double.NegativeInfinity);
        Tensor valid = torch.arange(total).unsqueeze(1) < torch.tensor(frames);
        return (
            new Batch(targets, frames, tokens, blank, graphs: graphs),
            torch.where(valid.unsqueeze(2), scores, torch.full_like(scores, double.NaN)));
    }

    public static ITopology Topology(string name) => name switch
    {
        "ctc" => new CtcTopology(),
        "modified" => new ModifiedTopology(),
        "no-blank" => new NoBlankTopology(),
        "selfless" => new SelflessTopology(),
        _ => new GraphTopology(),
    };

    /// <summary>The same lattice with arcs that name their sources.</summary>
    public static IndexedArcs Indexed(BandedArcs banded, long states)
    {
        Tensor position = torch.arange(states);
        Tensor sources = torch.stack(banded.Offsets.Select(offset => (position - offset).clamp(min: 0))); // [K, S]
        Tensor below = torch.stack(banded.Offsets.Select(offset => position < offset));
        return new IndexedArcs(
            sources.unsqueeze(1).expand(-1, banded.Scores.shape[^2], -1).contiguous(),
            banded.Scores.masked_fill(below.unsqueeze(1), double.NegativeInfinity));
    }

    /// <summary>The same lattice with scores that may be learned: of arcs, initial, final, and if there are classes those of their tokens.</summary>
    public Lattice With(params Tensor[] scores)
    {
        Lattice lattice = Lattice.WithArcs(Lattice.Arcs.WithScores(scores[0])).WithInitial(scores[1]).WithFinal(scores[2]);
        return scores.Length == 3
            ? lattice
            : lattice.WithClasses(new TokenClasses(scores[3], Lattice.Classes!.Tokens, scores[4]));
    }

    // Half of the labels become classes: stars that leave out a token, sets of tokens, weighted or not; some read nothing.
    private static Lattice WithClasses(Random random, Lattice lattice, Batch batch, bool exact)
    {
        (int size, int classes, int places, int tokens) = (batch.Size, random.Next(1, 4), random.Next(0, 4), (int)batch.Tokens);
        double Some() => random.Next(3) switch { 0 => double.NegativeInfinity, 1 => 0, _ => Score(random, exact) };
        Tensor Weights(params long[] shape) =>
            torch.tensor([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => Some())], shape, torch.float64);
        (Tensor rest, Tensor weights) = (Weights(size, classes), Weights(size, classes, places));
        if (exact)
        {
            // The log-sum of one token has no rounding error.
            rest.fill_(double.NegativeInfinity);
            if (places > 1) weights.narrow(2, 1, places - 1).fill_(double.NegativeInfinity);
        }

        long[] listed =
        [
            .. Enumerable.Range(0, size * classes).SelectMany(_ =>
            {
                long[] some = [.. Enumerable.Range(0, tokens).Select(v => (long)v).Concat(Enumerable.Repeat(-1L, places))];
                random.Shuffle(some);
                return some.Take(places);
            }),
        ];
        long[] labels =
            [.. lattice.Labels.data<long>().ToArray().Select(label => random.Next(2) == 0 ? label : tokens + random.NextInt64(classes))];
        return lattice.WithLabels(torch.tensor(labels, lattice.Labels.shape))
            .WithClasses(new TokenClasses(rest, torch.tensor(listed, [size, classes, places]), weights));
    }

    private static Graph Graph(Random random, int tokens, bool exact)
    {
        int states = random.Next(1, 5);
        double Some() => Score(random, exact);
        ScoredState[] Ends() => [.. Enumerable.Range(0, states).Where(_ => random.Next(3) > 0).Select(state => new ScoredState(state, Some()))];
        return new Graph(
            [.. Enumerable.Range(0, states).Select(_ => random.NextInt64(tokens))],
            [.. Enumerable.Range(0, random.Next(0, 3 * states)).Select(_ => new GraphArc(random.Next(states), random.Next(states), Some()))],
            Ends(),
            Ends(),
            random.Next(2) == 0 ? double.NegativeInfinity : Some());
    }

    private static Lattice Band(Random random, Batch batch, bool exact)
    {
        int[][] bands = [[0], [1], [1, 0], [2, 0, 1], [0, 1, 0], [3, 1, 2]];
        double Some() => random.Next(5) == 0 ? double.NegativeInfinity : Score(random, exact);
        long[][] labels =
            [.. batch.Targets.Select(_ => Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.NextInt64(batch.Tokens)).ToArray())];
        return Lattice.CreateBanded(labels, bands[random.Next(bands.Length)], (_, _, _) => Some(), (_, _) => Some(), (_, _) => Some(), _ => Some());
    }

    private static Lattice Rescored(Random random, Lattice lattice, Batch batch, long frames, bool exact)
    {
        Tensor arcs = random.Next(2) == 0 ? lattice.Arcs.Scores : lattice.Arcs.Scores.unsqueeze(0).repeat(frames, 1, 1, 1);
        Tensor More(Tensor scores) => scores + Noise(random, scores.shape, exact);
        return new Lattice(lattice.Labels, lattice.Arcs.WithScores(More(arcs)), More(lattice.Initial), More(lattice.Final), More(lattice.Empty));
    }

    private static Tensor Noise(Random random, long[] shape, bool exact) =>
        torch.tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => Score(random, exact))], shape);

    private static double Score(Random random, bool exact) => exact ? random.Next(-1, 2) / 8.0 : (2 * random.NextDouble()) - 1;
}
