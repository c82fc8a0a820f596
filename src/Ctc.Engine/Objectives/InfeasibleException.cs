namespace Ctc.Engine.Objectives;

/// <summary>Some utterances have no alignment with their targets, and the policy is <see cref="InfeasiblePolicy.Error"/>.</summary>
public sealed class InfeasibleException : CtcException
{
    private const int Shown = 20;

    /// <summary>Names the infeasible utterances of a batch, or of a whole data set. The message lists at most 20 of them.</summary>
    /// <param name="batch">Targets, lengths and names.</param>
    /// <param name="utterances">Their positions in the batch; at least one.</param>
    /// <param name="topology">Determines how many frames a target needs.</param>
    public InfeasibleException(Batch batch, IReadOnlyList<int> utterances, ITopology topology)
        : base(Explain(batch, utterances, topology)) => Utterances = [.. utterances];

    /// <summary>Gets the positions of the infeasible utterances in their batch.</summary>
    public IReadOnlyList<int> Utterances { get; }

    private static string Explain(Batch batch, IReadOnlyList<int> utterances, ITopology topology)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(utterances);
        ArgumentNullException.ThrowIfNull(topology);
        IEnumerable<string> named = utterances.Take(Shown).Select(b => Describe(batch, b, topology.MinimumFrames(batch, b)));
        string rest = utterances.Count > Shown ? $"; and {utterances.Count - Shown} more" : "";
        return $"{utterances.Count} of {batch.Size} utterances cannot be aligned with their targets: {string.Join("; ", named)}{rest}. " +
            "Give them more frames or shorter targets, or set the policy for infeasible utterances to drop or zero.";
    }

    private static string Describe(Batch batch, int b, long needed) => needed switch
    {
        long.MaxValue => $"{batch.Names[b]} has no path from a start to an end, whatever its frames",
        _ when batch.Frames[b] < needed => $"{batch.Names[b]} has {batch.Frames[b]} frames and needs {needed}",
        _ => $"{batch.Names[b]} has no path of positive probability",
    };
}
