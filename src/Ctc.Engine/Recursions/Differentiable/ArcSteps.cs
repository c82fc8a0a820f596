using System.Diagnostics;

namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>One step along the arcs of a lattice, in either direction. No other code of this recursion depends on how arcs are stored.</summary>
internal static class ArcSteps
{
    /// <summary>Adds the scores of the arcs into each state to the values of their sources.</summary>
    /// <param name="arcs">K slots into each state.</param>
    /// <param name="values">[B, S] log-values of the states in the previous frame.</param>
    /// <param name="scores">[K, B, S] the arc scores of the frame entered, from <see cref="ScoresByFrame"/>.</param>
    /// <returns>[K, B, S]: the terms of the sum over the arcs into each state.</returns>
    public static Tensor Enter(this Arcs arcs, Tensor values, Tensor scores)
    {
        Tensor sources = arcs switch
        {
            BandedArcs banded => torch.stack(Shifted(banded.Offsets, values)),
            IndexedArcs indexed => values.unsqueeze(0).expand(indexed.Sources.shape).gather(2, indexed.Sources),
            _ => throw new UnreachableException(),
        };
        return sources.Plus(scores);
    }

    /// <summary>Splits the arc scores by the frame entered.</summary>
    /// <remarks>All at once: rows indexed one by one would make the backward pass quadratic in T.</remarks>
    /// <param name="arcs">K slots into each state.</param>
    /// <param name="frames">T. The last row is repeated for frames beyond it: they are padding in every utterance.</param>
    /// <returns>T times [K, B, S].</returns>
    public static Tensor[] ScoresByFrame(this Arcs arcs, int frames)
    {
        Tensor[] rows = arcs.Scores.dim() == 4 ? arcs.Scores.unbind(0) : [arcs.Scores];
        return [.. Enumerable.Range(0, frames).Select(t => rows[Math.Min(t, rows.Length - 1)])];
    }

    /// <summary>Adds amounts on the arcs to the states from which the arcs come.</summary>
    /// <param name="arcs">K slots into each state.</param>
    /// <param name="amounts">[K, B, S]; 0 where a slot has no arc.</param>
    /// <returns>[B, S].</returns>
    public static Tensor AddToSources(this Arcs arcs, Tensor amounts)
    {
        switch (arcs)
        {
            case BandedArcs banded:
                IEnumerable<Tensor> parts = amounts.unbind(0).Zip(banded.Offsets, (amount, offset) => ShiftBack(amount, offset));
                return parts.Aggregate((sum, part) => sum.Plus(part));
            case IndexedArcs indexed:
                long batch = amounts.shape[1], slotsAndStates = amounts.shape[0] * amounts.shape[2];
                Tensor sources = indexed.Sources.permute(1, 0, 2).reshape(batch, slotsAndStates);
                Tensor flat = amounts.permute(1, 0, 2).reshape(batch, slotsAndStates);
                return torch.zeros_like(amounts[0]).scatter_add(1, sources, flat);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Finds the states from which arcs come, for k paths of each utterance.</summary>
    /// <param name="arcs">K slots into each state.</param>
    /// <param name="states">[B, k] the states that the arcs enter.</param>
    /// <param name="slots">[B, k] the slots of the arcs, in [0, K).</param>
    /// <returns>[B, k] states.</returns>
    public static Tensor FindSources(this Arcs arcs, Tensor states, Tensor slots)
    {
        switch (arcs)
        {
            case BandedArcs banded:
                Tensor offsets = torch.tensor([.. banded.Offsets.Select(offset => (long)offset)], device: states.device);
                return states - offsets.index_select(0, slots.flatten()).view(slots.shape);
            case IndexedArcs indexed:
                Tensor bySlot = indexed.Sources.permute(1, 2, 0); // [B, S, K]
                Tensor ofStates = bySlot.gather(1, states.unsqueeze(2).expand(-1, -1, bySlot.shape[2])); // [B, k, K]
                return ofStates.gather(2, slots.unsqueeze(2)).squeeze(2);
            default:
                throw new UnreachableException();
        }
    }

    // For each offset, the value of state s − offset at state s; −∞ where there is no such state.
    private static IEnumerable<Tensor> Shifted(IReadOnlyList<int> offsets, Tensor values)
    {
        long reach = offsets.Max(), states = values.shape[1];
        Tensor padded = torch.nn.functional.pad(values, [reach, 0], value: double.NegativeInfinity);
        return offsets.Select(offset => padded.narrow(1, reach - offset, states));
    }

    private static Tensor ShiftBack(Tensor amount, int offset)
    {
        long states = amount.shape[1], kept = Math.Max(0, states - offset);
        return offset == 0 ? amount : torch.nn.functional.pad(amount.narrow(1, states - kept, kept), [0, states - kept]);
    }
}
