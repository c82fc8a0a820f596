using Ctc.Engine.Recursions;

namespace Ctc.Cli.Commands.Bench;

/// <summary>What a step of the fused recursion costs in the kernel, in steps without a pause and after one.</summary>
/// <remarks>
/// A virtual machine gives unused memory back to its host in a pause. To use it again takes time in the kernel, which a count of page faults does not
/// show.
/// </remarks>
public static class MemoryBenchmark
{
    private const int Pauses = 3;

    /// <summary>Measures one shape, from log-probabilities.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Steps that count, each for itself; 1 or more.</param>
    /// <param name="pause">The time of rest before each of three further steps.</param>
    /// <returns>Medians.</returns>
    public static MemoryCase Measure(BenchmarkShape shape, int threads, int repetitions, TimeSpan pause)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads(threads, () =>
        {
            BenchmarkBatch drawn = shape.Draw();
            void Step(Interleaved.Clock clock) => drawn.Time(clock, "step", scores => drawn.Ours(scores, RecursionKind.Fused));
            Interleaved.Measured steady = Interleaved.Medians(repetitions, Step)["step"];
            Interleaved.Measured paused = Interleaved.AfterPauses(Pauses, pause, Step)["step"];
            return new MemoryCase(
                shape.Name, shape, threads, steady.Ms, steady.SystemMs, steady.Faults, paused.Ms, paused.SystemMs, paused.Faults);
        });
    }
}

/// <summary>The cost of a step in the kernel. All are medians.</summary>
/// <param name="Name">The name of the shape.</param>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="Ms">Milliseconds of a step, loss and gradient.</param>
/// <param name="SystemMs">Milliseconds in the kernel in a step, of all threads.</param>
/// <param name="Faults">Page faults in a step; 0 on other systems than Linux.</param>
/// <param name="AfterPauseMs">Milliseconds of a step after a pause.</param>
/// <param name="AfterPauseSystemMs">Milliseconds in the kernel in such a step.</param>
/// <param name="AfterPauseFaults">Page faults in such a step.</param>
public sealed record MemoryCase(
    string Name,
    BenchmarkShape Shape,
    int Threads,
    double Ms,
    double SystemMs,
    double Faults,
    double AfterPauseMs,
    double AfterPauseSystemMs,
    double AfterPauseFaults);
