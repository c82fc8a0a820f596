using Ctc;

namespace Misbehaving;

/// <summary>Reads a token outside the vocabulary.</summary>
[Part("strange-label", Summary = "Reads a token outside the vocabulary.")]
internal sealed class StrangeLabel : ITopology
{
    public Lattices Build(Batch batch) =>
        new(Lattice.CreateBanded([.. batch.Targets.Select(_ => new[] { batch.Tokens })], [0], (_, _, _) => 0, (_, _) => 0, (_, _) => 0, _ => 0));
}

/// <summary>Has arcs from higher states to lower ones.</summary>
[Part("backwards", Summary = "Has arcs of a negative length.")]
internal sealed class Backwards : ITopology
{
    public Lattices Build(Batch batch)
    {
        Lattice woven = Lattice.FromTargets(batch, "backwards", WovenTarget.Ctc);
        return new Lattices(woven.WithArcs(new BandedArcs([0, 1, -2], woven.Arcs.Scores)));
    }
}

/// <summary>Builds a lattice with different scores in each call.</summary>
[Part("moody", Summary = "Builds another lattice each time.")]
internal sealed class Moody : ITopology
{
    private static int builds;

    public Lattices Build(Batch batch)
    {
        Lattice woven = Lattice.FromTargets(batch, "moody", WovenTarget.Ctc);
        return new Lattices(woven.WithFinal(woven.Final - Interlocked.Increment(ref builds)));
    }
}

/// <summary>Has a slot for an arc between any two states, and fills three of them.</summary>
[Part("all-pairs", Summary = "Plain CTC in a lattice whose size is quadratic.")]
internal sealed class AllPairs : ITopology
{
    public Lattices Build(Batch batch)
    {
        int states = batch.Targets.Select(target => (2 * target.Length) + 1).Append(1).Max();
        Lattice woven = Lattice.FromTargets(batch, "all-pairs", WovenTarget.Ctc);
        Tensor empty = torch.full([Math.Max(states - 3, 0), batch.Size, states], double.NegativeInfinity, torch.float64);
        return new Lattices(woven.WithArcs(new BandedArcs([.. Enumerable.Range(0, Math.Max(states, 3))], torch.cat([woven.Arcs.Scores, empty]))));
    }
}

/// <summary>Has a superfluous state for each frame.</summary>
[Part("frame-states", Summary = "Plain CTC in a lattice that grows with the frames.")]
internal sealed class FrameStates : ITopology
{
    public Lattices Build(Batch batch)
    {
        Lattice woven = Lattice.FromTargets(batch, "frame-states", WovenTarget.Ctc);
        long frames = batch.Frames.Append(0).Max();
        Tensor Longer(Tensor scores) => torch.cat([scores, torch.full([.. scores.shape[..^1], frames], double.NegativeInfinity, torch.float64)], -1);
        Tensor labels = torch.cat([woven.Labels, torch.zeros([batch.Size, frames], torch.int64)], 1);
        Arcs arcs = woven.Arcs.WithScores(Longer(woven.Arcs.Scores));
        return new Lattices(new Lattice(labels, arcs, Longer(woven.Initial), Longer(woven.Final), woven.Empty));
    }
}

/// <summary>Each token takes one frame, and paths are spelled as if repeats merged.</summary>
[Part("misspelling", Summary = "The lattice of selfless, with the default spelling.")]
internal sealed class Misspelling : ITopology
{
    public Lattices Build(Batch batch) => new(Lattice.FromTargets(batch, "misspelling", (_, state, step) => step switch
    {
        WovenTarget.Stay => !WovenTarget.IsToken(state),
        WovenTarget.Skip => WovenTarget.IsToken(state),
        _ => true,
    }));
}

/// <summary>The frames that plain CTC needs: one for each token, and one for the blank between two equal tokens.</summary>
internal static class PlainFrames
{
    public static long Of(ReadOnlySpan<long> target)
    {
        long frames = target.Length;
        for (int u = 1; u < target.Length; u++) frames += target[u] == target[u - 1] ? 1 : 0;
        return frames;
    }
}
