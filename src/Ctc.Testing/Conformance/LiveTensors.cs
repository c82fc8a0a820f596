namespace Ctc.Testing.Conformance;

/// <summary>Counts the tensors of this thread that outlive the dispose scope around them.</summary>
internal static class LiveTensors
{
    private const int WarmUp = 3, Counted = 5; // caches filled by the first calls are no leak

    /// <summary>Repeats a call, each time within a dispose scope.</summary>
    /// <param name="calls">The noun for the calls in the message.</param>
    /// <param name="rule">The reason why no tensor may stay alive, for the message.</param>
    /// <param name="call">Creates tensors.</param>
    /// <returns>A sentence with the number of tensors left alive; null if there are none.</returns>
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
        return left <= 0 ? null : $"{left} tensors are left alive by {Counted} {calls}; expected none: {rule}";
    }
}
