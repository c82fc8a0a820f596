using Ctc.Engine.Frames;

namespace Ctc.Engine.Objectives;

/// <summary>Some utterances have no alignment with their targets, and the policy is <see cref="InfeasiblePolicy.Error"/>.</summary>
public sealed class InfeasibleException : CtcException
{
    private const int Shown = 20;

    /// <summary>Names the infeasible utterances of a batch, or of a whole data set. The message lists at most 20 of them.</summary>
    /// <param name="batch">Targets, lengths and names.</param>
    /// <param name="utterances">Their positions in the batch; at least one.</param>
    /// <param name="topology">Determines how many frames a target needs.</param>
    /// <param name="head">The head in which they have no alignment; null, the default, for the objective itself.</param>
    public InfeasibleException(Batch batch, IReadOnlyList<int> utterances, ITopology topology, string? head = null)
        : base(Explain(batch, utterances, topology, head)) => Utterances = [.. utterances];

    /// <param name="batch">Targets, lengths and names.</param>
    /// <param name="explained">The positions that the message explains.</param>
    /// <param name="topology">Determines how many frames a target needs.</param>
    /// <param name="head">The head in which they have no alignment; null for the objective itself.</param>
    /// <param name="utterances">The positions of all utterances without alignment, in the objective or a head.</param>
    internal InfeasibleException(
        Batch batch, IReadOnlyList<int> explained, ITopology topology, string? head, IReadOnlyList<int> utterances)
        : base(Explain(batch, explained, topology, head)) => Utterances = [.. utterances];

    /// <summary>Gets the positions of the infeasible utterances in their batch.</summary>
    public IReadOnlyList<int> Utterances { get; }

    /// <summary>Names infeasible utterances with their frames and the number that they need.</summary>
    /// <param name="batch">Targets, lengths and names.</param>
    /// <param name="utterances">Their positions in the batch.</param>
    /// <param name="topology">Determines how many frames a target needs.</param>
    /// <param name="shown">The largest number that is named; the others are counted.</param>
    /// <returns>Clauses joined by semicolons, such as "a has 2 frames and needs 3; and 4 more".</returns>
    public static string Describe(Batch batch, IReadOnlyList<int> utterances, ITopology topology, int shown)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(utterances);
        ArgumentNullException.ThrowIfNull(topology);
        int[] first = [.. utterances.Take(shown)];
        IEnumerable<string> named = first.Zip(FewestFrames.Find(topology, batch, first), (b, needed) => Describe(batch, b, needed));
        string rest = utterances.Count > shown ? $"; and {utterances.Count - shown} more" : "";
        return string.Join("; ", named) + rest;
    }

    private static string Explain(Batch batch, IReadOnlyList<int> utterances, ITopology topology, string? head = null)
    {
        string place = head is null ? "" : $" in the head '{head}'", named = Describe(batch, utterances, topology, Shown);
        return $"{utterances.Count} of {batch.Size} utterances cannot be aligned with their targets{place}: {named}. " +
            "Give them more frames or shorter targets, or set the policy for infeasible utterances to drop or zero.";
    }

    private static string Describe(Batch batch, int b, long needed) => needed switch
    {
        long.MaxValue => $"{batch.Names[b]} has no path from a start to an end, whatever its frames",
        _ when batch.Frames[b] < needed => $"{batch.Names[b]} has {batch.Frames[b]} frames and needs {needed}",
        _ => $"{batch.Names[b]} has no path of positive probability",
    };
}
