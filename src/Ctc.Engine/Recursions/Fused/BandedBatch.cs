namespace Ctc.Engine.Recursions.Fused;

/// <summary>The memory of a batch of banded lattices and of the scores that they read.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class BandedBatch<T>
    where T : unmanaged
{
    /// <summary>How many slots there are room for; those that a lattice does not use are dead.</summary>
    public const int Slots = 3;

    private readonly Tensor[] kept;

    /// <param name="lattice">Of the type of the scores, on the CPU, as <see cref="FusedRecursion.Refusal"/> wants it.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a label lies outside the vocabulary.</exception>
    public BandedBatch(Lattice lattice, Tensor scores, Tensor lengths)
    {
        var arcs = (BandedArcs)lattice.Arcs;
        kept = [scores.contiguous(), arcs.Scores.contiguous(), lattice.Initial.contiguous(), lattice.Final.contiguous(), lattice.Labels.contiguous()];
        (Scores, ArcScores, Initial, Final, Labels) = (new(kept[0]), new(kept[1]), new(kept[2]), new(kept[3]), new(kept[4]));
        (Frames, Utterances, Tokens, States) = ((int)scores.shape[0], (int)scores.shape[1], scores.shape[2], (int)lattice.Labels.shape[1]);
        UsedSlots = arcs.Offsets.Count;
        Offsets = [.. arcs.Offsets.Select(offset => Math.Min(offset, States)), .. Enumerable.Repeat(0, Slots - UsedSlots)];
        Timed = arcs.Scores.dim() == 4;
        Lengths = lengths.numel() == 0 ? [] : lengths.data<long>().ToArray();
        Check("labels", lattice.Labels, Utterances, States);
        Check("initial scores", lattice.Initial, Utterances, States);
        Check("final scores", lattice.Final, Utterances, States);
        Check("arc scores", arcs.Scores, [.. Timed ? [Math.Max(arcs.Scores.shape[0], Lengths.Append(0).Max())] : Array.Empty<long>(), UsedSlots, Utterances, States]);
        for (long i = 0; i < (long)Utterances * States; i++)
        {
            if ((ulong)Labels[i] >= (ulong)Tokens) throw new ArgumentException($"A state of utterance {i / States} reads token {Labels[i]}; expected a token in [0, {Tokens}).");
        }
    }

    public TensorMemory<T> Scores { get; }

    public TensorMemory<T> ArcScores { get; }

    public TensorMemory<T> Initial { get; }

    public TensorMemory<T> Final { get; }

    public TensorMemory<long> Labels { get; }

    public int Frames { get; }

    public int Utterances { get; }

    public long Tokens { get; }

    public int States { get; }

    /// <summary>Gets how many slots the lattice has.</summary>
    public int UsedSlots { get; }

    /// <summary>Gets how far back each of the slots reaches, at most S.</summary>
    public int[] Offsets { get; }

    /// <summary>Gets whether the arcs' scores depend on time.</summary>
    public bool Timed { get; }

    /// <summary>Gets B numbers of frames.</summary>
    public long[] Lengths { get; }

    /// <summary>Where the V scores of an utterance in a frame begin.</summary>
    public long ScoresAt(int frame, int utterance) => (((long)frame * Utterances) + utterance) * Tokens;

    /// <summary>Where the S scores of a slot's arcs begin, for the frame that they enter; 0 where they do not depend on time.</summary>
    public long ArcsAt(int frame, int slot, int utterance) => ((((long)frame * UsedSlots) + slot) * Utterances + utterance) * States;

    /// <summary>Where the S states of an utterance begin.</summary>
    public long StatesAt(int utterance) => (long)utterance * States;

    // Nothing checks an index later on.
    private static void Check(string what, Tensor tensor, params long[] expected)
    {
        if (tensor.shape.SequenceEqual(expected)) return;
        throw new ArgumentException($"The {what} of the lattice have shape [{string.Join(", ", tensor.shape)}]; expected [{string.Join(", ", expected)}].");
    }
}
