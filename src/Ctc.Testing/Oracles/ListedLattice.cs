using System.Diagnostics;

namespace Ctc.Testing.Oracles;

/// <summary>One utterance's lattice as a list of arcs, copied from the tensors of its batch.</summary>
internal sealed class ListedLattice
{
    private readonly long[] scoreShape;
    private readonly double[] scores;
    private readonly (int Slot, int To)[][] next;
    private readonly int utterance, batch, slots;

    public ListedLattice(Lattice lattice, int utterance)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        this.utterance = utterance;
        batch = (int)lattice.Labels.shape[0];
        int states = (int)lattice.Labels.shape[1];
        Labels = [.. lattice.Labels.data<long>().ToArray().Skip(utterance * states).Take(states).Select(label => (int)label)];
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

    public int[] Labels { get; }

    public double[] Final { get; }

    public double Empty { get; }

    public (int Slot, int State, double Score)[] Starts { get; }

    /// <summary>The arcs from a state into frame t ≥ 1, without those with score −∞.</summary>
    public IEnumerable<(int Slot, int State, double Score)> From(int state, int t)
    {
        foreach ((int slot, int to) in next[state])
        {
            double score = scores[Cell(t, slot, to)];
            if (!double.IsNegativeInfinity(score)) yield return (slot, to, score);
        }
    }

    private int Cell(int t, int slot, int state)
    {
        int frame = scoreShape.Length == 4 ? t * slots : 0;
        return ((((frame + slot) * batch) + utterance) * Labels.Length) + state;
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
