namespace Ctc;

/// <summary>Extension point: the rule by which a target may be spread over frames. Builds lattices; owns no loop over time.</summary>
public interface ITopology : IPart
{
    /// <summary>Builds the lattice of each target, padded to a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>The numerator, and the denominator where there is one.</returns>
    Lattices Build(Batch batch);

    /// <summary>The fewest frames in which a target can be said. Fewer make it infeasible.</summary>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <returns>A number of frames, 0 or more.</returns>
    long MinimumFrames(ReadOnlySpan<long> target);

    /// <summary>The fewest frames in which an utterance of a batch can be said. By default those of its target.</summary>
    /// <param name="batch">Targets, and whatever else the topology reads.</param>
    /// <param name="utterance">In [0, B).</param>
    /// <returns>A number of frames, 0 or more; <see cref="long.MaxValue"/> where no number suffices.</returns>
    long MinimumFrames(Batch batch, int utterance) => MinimumFrames(batch.Targets[utterance]);
}
