namespace Ctc.Engine.Objectives;

/// <summary>Some utterances have no alignment with their targets, and the policy is to stop there.</summary>
public sealed class InfeasibleException : Exception
{
    private const int Shown = 20;

    internal InfeasibleException(string message)
        : base(message)
    {
    }

    /// <summary>Names the offenders of a batch, or of a whole data set.</summary>
    /// <param name="batch">Targets, lengths and names.</param>
    /// <param name="infeasible">Their positions; at least one.</param>
    /// <param name="topology">Says how many frames a target needs.</param>
    /// <returns>An error whose message lists at most 20 utterances, and says what can be done.</returns>
    public static InfeasibleException Of(Batch batch, IReadOnlyList<int> infeasible, ITopology topology)
    {
        IEnumerable<string> named = infeasible.Take(Shown).Select(b => Describe(batch, b, topology.MinimumFrames(batch, b)));
        string rest = infeasible.Count > Shown ? $"; and {infeasible.Count - Shown} more" : "";
        return new InfeasibleException(
            $"{infeasible.Count} of {batch.Size} utterances cannot be aligned with their targets: {string.Join("; ", named)}{rest}. " +
            "Give them more frames or shorter targets, or set objective.infeasible to drop or zero.");
    }

    private static string Describe(Batch batch, int b, long needed) => needed switch
    {
        long.MaxValue => $"{batch.Names[b]} has no path from a start to an end, whatever its frames",
        _ when batch.Frames[b] < needed => $"{batch.Names[b]} has {batch.Frames[b]} frames and needs {needed}",
        _ => $"{batch.Names[b]} has only paths of probability 0",
    };
}
