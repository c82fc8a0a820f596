using System.Diagnostics;

namespace Ctc.Testing.Oracles;

/// <summary>One utterance's lattice as a list of arcs, copied from the tensors of its batch.</summary>
internal sealed class ListedLattice
{
    private readonly long[] scoreShape;
    private readonly double[] scores;
    private readonly (int Slot, int To)[][] next;
    private readonly int utterance, batch, slots;

    private readonly double[,] emissions;
    private readonly (int Token, double Weight)[][] read; // by state

    public ListedLattice(Lattice lattice, double[,] emissions, int utterance)
    {
        this.emissions = emissions;
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        this.utterance = utterance;
        batch = (int)lattice.Labels.shape[0];
        int states = (int)lattice.Labels.shape[1];
        read = [.. lattice.Labels.data<long>().ToArray().Skip(utterance * states).Take(states).Select(label => Tokens(lattice, (int)label))];
        Final = Row(lattice.Final, states);
        Empty = Row(lattice.Empty, 1)[0];
        Starts =
            [.. Row(lattice.Initial, states).Select((score, state) => (0, state, score)).Where(start => !double.IsNegativeInfinity(start.score))];
        scoreShape = lattice.Arcs.Scores.shape;
        scores = Numbers(lattice.Arcs.Scores);
        slots = (int)scoreShape[^3];

        var arcs = new List<(int From, int Slot, int To)>();
        for (int slot = 0; slot < slots; slot++)
        {
            for (int to = 0; to < states; to++)
            {
                int from = Source(lattice.Arcs, slot, to);
                if (from >= 0) arcs.Add((from, slot, to));
            }
        }

        next = [.. Enumerable.Range(0, states).Select(from => arcs.Where(arc => arc.From == from).Select(arc => (arc.Slot, arc.To)).ToArray())];
    }

    public double[] Final { get; }

    public double Empty { get; }

    public (int Slot, int State, double Score)[] Starts { get; }

    /// <summary>
    /// The score that a state reads in a frame: that of its token, or the log-sum over the tokens of its class, each with its weight.
    /// </summary>
    public double Read(int t, int state) => read[state] switch
    {
        [(int token, double weight)] => emissions[t, token] + weight, // exact
        var tokens => Math.Log(tokens.Sum(token => Math.Exp(emissions[t, token.Token] + token.Weight))),
    };

    /// <summary>The share of each token in that score; none of a token that is not read.</summary>
    public IEnumerable<(int Token, double Share)> Shares(int t, int state)
    {
        double all = Read(t, state);
        return read[state].Select(token => (token.Token, Math.Exp(emissions[t, token.Token] + token.Weight - all)));
    }

    /// <summary>The token of the highest score and weight that a state reads; the lowest among equals.</summary>
    public int BestToken(int t, int state) => read[state].MaxBy(token => emissions[t, token.Token] + token.Weight).Token;

    /// <summary>The arcs from a state into frame t ≥ 1, without those with score −∞.</summary>
    public IEnumerable<(int Slot, int State, double Score)> From(int state, int t)
    {
        foreach ((int slot, int to) in next[state])
        {
            double score = scores[Cell(t, slot, to)];
            if (!double.IsNegativeInfinity(score)) yield return (slot, to, score);
        }
    }

    // In rising order; those of a class without the weight −∞.
    private (int Token, double Weight)[] Tokens(Lattice lattice, int label)
    {
        int tokens = emissions.GetLength(1);
        if (label < tokens || lattice.Classes is not { } classes) return [(label, 0)];
        int c = label - tokens;
        var weights = new double[tokens];
        Array.Fill(weights, Numbers(classes.Rest[utterance, c])[0]);
        (long[] listed, double[] ofListed) = (classes.Tokens[utterance, c].cpu().data<long>().ToArray(), Numbers(classes.Weights[utterance, c]));
        foreach ((long token, double weight) in listed.Zip(ofListed))
        {
            if (token >= 0) weights[token] = weight;
        }

        return [.. weights.Select((weight, token) => (token, weight)).Where(each => !double.IsNegativeInfinity(each.weight))];
    }

    private int Cell(int t, int slot, int state)
    {
        int frame = scoreShape.Length == 4 ? t * slots : 0;
        return ((((frame + slot) * batch) + utterance) * read.Length) + state;
    }

    private int Source(Arcs arcs, int slot, int to) => arcs switch
    {
        BandedArcs banded => to - banded.Offsets[slot],
        IndexedArcs indexed => (int)indexed.Sources[slot, utterance, to].item<long>(),
        _ => throw new UnreachableException(),
    };

    private double[] Row(Tensor values, int width) => [.. Numbers(values).Skip(utterance * width).Take(width)];

    private static double[] Numbers(Tensor values) => values.detach().cpu().to(torch.float64).contiguous().data<double>().ToArray();
}
