using System.Diagnostics;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Times several implementations in turns, so that other load on the machine affects all of them alike.</summary>
internal static class Interleaved
{
    private const int WarmUp = 2;

    // .NET compiles a method a second time, for speed, only after a while.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(0.6);

    /// <summary>Executes an action with a number of libtorch threads, and restores the previous number.</summary>
    public static T OnThreads<T>(int threads, Func<T> work)
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(threads);
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return work();
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    /// <summary>Times all implementations in turns.</summary>
    /// <param name="repetitions">The number of measured turns, after two or more for warm-up.</param>
    /// <param name="ways">The implementations; each reports its seconds by name.</param>
    /// <returns>The median of each name, in milliseconds.</returns>
    public static Dictionary<string, double> Medians(int repetitions, params Action<Clock>[] ways) => Medians(repetitions, WarmUp, ways);

    /// <inheritdoc cref="Medians(int, Action{Clock}[])"/>
    /// <param name="repetitions">The number of measured turns.</param>
    /// <param name="warmUp">The number of turns for warm-up, if these take long.</param>
    /// <param name="ways">The implementations; each reports its seconds by name.</param>
    public static Dictionary<string, double> Medians(int repetitions, int warmUp, params Action<Clock>[] ways)
    {
        var clock = new Clock();
        long started = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < warmUp || Stopwatch.GetElapsedTime(started) < WarmUpTime; turn++) Turn();
        clock.Times.Clear();
        for (int turn = 0; turn < repetitions; turn++) Turn();

        void Turn()
        {
            foreach (Action<Clock> way in ways)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                way(clock);
            }
        }

        return clock.Times.ToDictionary(times => times.Key, times => Median(times.Value));
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }

    /// <summary>Collects times.</summary>
    public sealed class Clock
    {
        /// <summary>Gets the milliseconds of each name.</summary>
        public Dictionary<string, List<double>> Times { get; } = [];

        /// <summary>Executes an action and records its duration.</summary>
        public T Time<T>(string name, Func<T> work)
        {
            long started = Stopwatch.GetTimestamp();
            T result = work();
            if (!Times.TryGetValue(name, out List<double>? times)) Times[name] = times = [];
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return result;
        }
    }
}
