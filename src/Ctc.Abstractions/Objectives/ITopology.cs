namespace Ctc;

/// <summary>Extension point: the rule for aligning a target with frames. Builds lattices; contains no loop over time.</summary>
public interface ITopology : IPart
{
    /// <summary>Builds the lattice of each target, padded to a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>The numerator, and the denominator if there is one.</returns>
    Lattices Build(Batch batch);

    /// <summary>The smallest number of frames that a target can be aligned with. With fewer, it is infeasible.</summary>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <returns>A number of frames, 0 or more.</returns>
    long MinimumFrames(ReadOnlySpan<long> target);

    /// <summary>The smallest number of frames that an utterance of a batch can be aligned with. By default that of its target.</summary>
    /// <param name="batch">Targets, and further data such as graphs.</param>
    /// <param name="utterance">In [0, B).</param>
    /// <returns>A number of frames, 0 or more; <see cref="long.MaxValue"/> if no number suffices.</returns>
    long MinimumFrames(Batch batch, int utterance) => MinimumFrames(batch.Targets[utterance]);
}
