using System.Diagnostics;

namespace Ctc.Engine.Recursions;

/// <summary>Checks that a lattice fits the scores that it reads. The recursions compute memory addresses from it.</summary>
internal static class LatticeCheck
{
    /// <summary>Checks shapes, tokens and sources.</summary>
    /// <param name="lattice">On any device.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit one another, the token of a state is outside [0, V), or the source of an arc is outside [0, S).
    /// </exception>
    public static void Check(Lattice lattice, Tensor scores, Tensor frames)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        using DisposeScope scope = torch.NewDisposeScope();
        (long batch, long tokens, Tensor labels, Arcs arcs) = (scores.shape[1], scores.shape[2], lattice.Labels, lattice.Arcs);
        long states = labels.dim() == 2 ? labels.shape[1] : 0;
        long slots = arcs switch
        {
            BandedArcs banded => banded.Offsets.Count,
            IndexedArcs indexed => indexed.Sources.shape[0],
            _ => throw new UnreachableException(),
        };
        CheckShape("labels", labels, batch, states);
        CheckShape("initial scores", lattice.Initial, batch, states);
        CheckShape("final scores", lattice.Final, batch, states);
        CheckShape("scores of the empty path", lattice.Empty, batch);
        long[] time = arcs.Scores.dim() == 4 ? [Math.Max(arcs.Scores.shape[0], batch == 0 ? 0 : frames.max().item<long>())] : [];
        CheckShape("arc scores", arcs.Scores, [.. time, slots, batch, states]);
        CheckRange(labels, tokens, (at, found) => $"A state of utterance {at / states} has token {found}; expected a token in [0, {tokens}).");
        if (arcs is not IndexedArcs { Sources: var sources }) return;
        CheckShape("sources of the arcs", sources, slots, batch, states);
        CheckRange(
            sources, states, (at, found) => $"An arc of utterance {at / states % batch} comes from state {found}; expected 0 to {states - 1}.");
    }

    private static void CheckShape(string what, Tensor tensor, params long[] expected)
    {
        if (tensor.shape.SequenceEqual(expected)) return;
        throw Wrong($"The {what} of the lattice have shape [{string.Join(", ", tensor.shape)}]; expected [{string.Join(", ", expected)}].");
    }

    private static void CheckRange(Tensor indices, long end, Func<long, long, string> sentence)
    {
        if (indices.numel() == 0) return;
        Tensor outside = (indices < 0).logical_or(indices >= end).flatten();
        if (!outside.any().item<bool>()) return;
        long at = outside.to(torch.int32).argmax().item<long>();
        throw Wrong(sentence(at, indices.flatten()[at].item<long>()));
    }

    private static ArgumentException Wrong(string sentence, string parameter = "lattice") => new(sentence, parameter);
}
