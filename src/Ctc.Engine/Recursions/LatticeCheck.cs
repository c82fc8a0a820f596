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
    /// The shapes do not fit one another, the label of a state is neither a token nor a class, a class lists a token twice or one outside [0, V), or
    /// the source of an arc is outside [0, S).
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
        CheckLabels(lattice, batch, tokens, states);
        if (arcs is not IndexedArcs { Sources: var sources }) return;
        CheckShape("sources of the arcs", sources, slots, batch, states);
        CheckRange(
            sources, states, (at, found) => $"An arc of utterance {at / states % batch} comes from state {found}; expected 0 to {states - 1}.");
    }

    private static void CheckLabels(Lattice lattice, long batch, long tokens, long states)
    {
        if (lattice.Classes is not { } classes)
        {
            CheckRange(
                lattice.Labels, tokens, (at, found) => $"A state of utterance {at / states} has token {found}; expected a token in [0, {tokens}).");
            return;
        }

        long count = classes.Rest.dim() == 2 ? classes.Count : 0, listed = classes.Tokens.dim() == 3 ? classes.Tokens.shape[2] : 0;
        CheckShape("weights of the rest of the classes", classes.Rest, batch, count);
        CheckShape("listed tokens of the classes", classes.Tokens, batch, count, listed);
        CheckShape("weights of the listed tokens of the classes", classes.Weights, batch, count, listed);
        CheckRange(
            lattice.Labels,
            tokens + count,
            (at, found) => $"A state of utterance {at / states} has label {found}; "
                + $"expected a token in [0, {tokens}), or one of {count} classes from there on.");
        string Class(long at) => $"Class {at / listed % count} of utterance {at / listed / count}";
        CheckRange(
            classes.Tokens.add(Scalars.One, Scalars.One),
            tokens + 1,
            (at, found) => $"{Class(at)} lists token {found - 1}; expected a token in [0, {tokens}), or −1 for none.");
        if (listed < 2) return;
        (Tensor inOrder, _) = classes.Tokens.sort(2);
        Tensor next = inOrder.narrow(2, 1, listed - 1), twice = (next == inOrder.narrow(2, 0, listed - 1)).logical_and(next.ge(Scalars.Zero));
        if (!twice.any().item<bool>()) return;
        long at = twice.any(2).flatten().to(torch.int32).argmax().item<long>();
        long token = next.flatten(0, 1)[at].masked_select(twice.flatten(0, 1)[at])[0].item<long>();
        throw Wrong($"{Class(at * listed)} lists token {token} twice; expected each token at most once.");
    }

    private static void CheckShape(string what, Tensor tensor, params long[] expected)
    {
        if (tensor.shape.SequenceEqual(expected)) return;
        throw Wrong($"The {what} of the lattice have shape [{string.Join(", ", tensor.shape)}]; expected [{string.Join(", ", expected)}].");
    }

    private static void CheckRange(Tensor indices, long end, Func<long, long, string> sentence)
    {
        if (indices.numel() == 0) return;
        using Scalar behind = end;
        Tensor outside = indices.lt(Scalars.Zero).logical_or(indices.ge(behind)).flatten();
        if (!outside.any().item<bool>()) return;
        long at = outside.to(torch.int32).argmax().item<long>();
        throw Wrong(sentence(at, indices.flatten()[at].item<long>()));
    }

    private static ArgumentException Wrong(string sentence, string parameter = "lattice") => new(sentence, parameter);
}
