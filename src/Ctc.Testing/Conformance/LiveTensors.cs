namespace Ctc.Testing.Conformance;

/// <summary>Counts the tensors of this thread that outlive the dispose scope around them.</summary>
internal static class LiveTensors
{
    private const int WarmUp = 3, Counted = 5; // what is kept from the first calls is no leak

    /// <summary>Calls something again and again, each time within a scope.</summary>
    /// <param name="calls">What a message calls the calls.</param>
    /// <param name="rule">Why nothing is expected to stay.</param>
    /// <param name="call">Makes tensors.</param>
    /// <returns>How many stay; null where none do.</returns>
    public static string? LeftBy(string calls, string rule, Action call)
    {
        long before = 0;
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            if (i == WarmUp) before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using DisposeScope scope = torch.NewDisposeScope();
            call();
        }

        long left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        return left <= 0 ? null : $"{left} tensors are left alive by {Counted} {calls}; expected none, for {rule}";
    }
}
