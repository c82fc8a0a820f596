using System.Diagnostics;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Times several implementations in turns, so that other load on the machine affects all of them alike.</summary>
internal static class Interleaved
{
    private const int WarmUp = 2, Window = 5, MostTurns = 200; // after that every method is compiled
    private const double Steady = 1.05; // no implementation is more than this faster than in the window before

    // .NET compiles a method a second time, for speed, only after a while: on a busy core that takes seconds.
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(0.6), MostWarmUp = TimeSpan.FromSeconds(6);

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

    /// <summary>Times all implementations in turns, after a warm-up until their times are steady, of six seconds or 200 turns at most.</summary>
    /// <param name="repetitions">The number of measured turns, after two or more for warm-up.</param>
    /// <param name="ways">The implementations; each reports its times by name.</param>
    /// <returns>The medians of each name.</returns>
    public static Dictionary<string, Measured> Medians(int repetitions, params Action<Clock>[] ways) =>
        Medians(repetitions, WarmUp, MostWarmUp, ways);

    /// <summary>Times all implementations in turns, after few turns for warm-up, because each takes long.</summary>
    /// <param name="repetitions">The number of measured turns.</param>
    /// <param name="warmUp">The number of turns for warm-up.</param>
    /// <param name="ways">The implementations; each reports its times by name.</param>
    /// <returns>The medians of each name.</returns>
    public static Dictionary<string, Measured> Medians(int repetitions, int warmUp, params Action<Clock>[] ways) =>
        Medians(repetitions, warmUp, LeastWarmUp, ways);

    private static Dictionary<string, Measured> Medians(int repetitions, int warmUp, TimeSpan most, Action<Clock>[] ways)
    {
        var clock = new Clock();
        long started = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < warmUp || IsWarmingUp(turn); turn++) Turn(clock, ways);
        clock.Clear();
        for (int turn = 0; turn < repetitions; turn++) Turn(clock, ways);
        return clock.Medians();

        bool IsWarmingUp(int turn)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            return elapsed < LeastWarmUp || (elapsed < most && turn < MostTurns && !clock.IsSteady(Window, Steady));
        }
    }

    /// <summary>Times all implementations in turns, each time after a pause.</summary>
    /// <param name="repetitions">The number of turns.</param>
    /// <param name="pause">The time between them.</param>
    /// <param name="ways">The implementations, warm already.</param>
    /// <returns>The medians of each name.</returns>
    public static Dictionary<string, Measured> AfterPauses(int repetitions, TimeSpan pause, params Action<Clock>[] ways)
    {
        var clock = new Clock();
        for (int turn = 0; turn < repetitions; turn++)
        {
            Thread.Sleep(pause);
            Turn(clock, ways);
        }

        return clock.Medians();
    }

    private static void Turn(Clock clock, Action<Clock>[] ways)
    {
        foreach (Action<Clock> way in ways)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            way(clock);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The medians of an implementation.</summary>
    /// <param name="Ms">Milliseconds.</param>
    /// <param name="SystemMs">Milliseconds in the kernel, of all threads.</param>
    /// <param name="Faults">Page faults.</param>
    public readonly record struct Measured(double Ms, double SystemMs, double Faults);

    /// <summary>Collects times, and what the process used meanwhile.</summary>
    public sealed class Clock
    {
        private readonly Dictionary<string, List<(double Ms, ProcessUsage Used)>> times = [];

        /// <summary>Executes an action and records its duration.</summary>
        public T Time<T>(string name, Func<T> work)
        {
            ProcessUsage before = ProcessUsage.Read();
            long started = Stopwatch.GetTimestamp();
            T result = work();
            double ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (!times.TryGetValue(name, out List<(double Ms, ProcessUsage Used)>? own)) times[name] = own = [];
            own.Add((ms, ProcessUsage.Read().Since(before)));
            return result;
        }

        /// <summary>Forgets all times.</summary>
        public void Clear() => times.Clear();

        /// <summary>Returns whether no implementation has become faster.</summary>
        /// <param name="window">How many of the last times are compared with as many before them.</param>
        /// <param name="most">The largest quotient of their medians that counts as steady.</param>
        public bool IsSteady(int window, double most) => times.Values.All(own =>
            own.Count >= 2 * window
            && Median(own[^(2 * window)..^window].Select(time => time.Ms)) <= most * Median(own[^window..].Select(time => time.Ms)));

        /// <summary>Returns the medians of each name.</summary>
        public Dictionary<string, Measured> Medians() => times.ToDictionary(own => own.Key, own => new Measured(
            Median(own.Value.Select(time => time.Ms)),
            Median(own.Value.Select(time => time.Used.SystemMs)),
            Median(own.Value.Select(time => (double)time.Used.Faults))));
    }
}
