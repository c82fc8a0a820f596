using System.Globalization;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;

namespace Ctc.Cli.Commands.Bench;

/// <summary>
/// Loss and all gradients of plain CTC from hidden states and a linear layer: in chunks of frames, and with one tensor of all logits.
/// </summary>
/// <remarks>float32. The memory is the largest in use by the process, with the inputs; chunks come first, because freed memory may stay.</remarks>
public static class LinearBenchmark
{
    private const string Resets = "/proc/self/clear_refs", Status = "/proc/self/status", FromNowOn = "5";

    /// <summary>Measures one shape.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="hidden">H, the width of the hidden states.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count, after one for warm-up.</param>
    /// <returns>Medians, and the largest memory of each way.</returns>
    public static LinearCase Measure(BenchmarkShape shape, int hidden, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads(threads, () =>
        {
            using var generator = new torch.Generator(1);
            Tensor Draw(params long[] sizes) => torch.randn(sizes, torch.float32, generator: generator).div_(Math.Sqrt(hidden)).requires_grad_();
            var output = new LinearOutput(Draw(shape.T, shape.B, hidden), Draw(shape.V, hidden), Draw(shape.V));
            Tensor targets = torch.randint(1, shape.V, [shape.B, shape.U], torch.int64, generator: generator);
            var batch = new Batch([.. targets.data<long>().ToArray().Chunk(shape.U)], [.. Enumerable.Repeat((long)shape.T, shape.B)], shape.V);
            double[] weights = [.. batch.Frames.Select(_ => 1.0)];
            double Step(Func<Lattice, Tensor> likelihood)
            {
                output.Hidden.grad = output.Weight.grad = output.Bias!.grad = null;
                Tensor loss = -likelihood(new CtcTopology().Build(batch).Numerator).sum();
                loss.backward();
                return loss.ToDouble();
            }

            double Chunks() => Step(lattice => Recursion.LogLikelihoodFromLinear(lattice, output, batch.Frames, RecursionKind.Fused, weights));
            double Whole() => Step(lattice =>
                Recursion.LogLikelihoodFromLogits(lattice, output.ComputeLogits(), batch.Frames, RecursionKind.Fused));
            (double ofChunks, double? peakOfChunks) = LargestMemory(Chunks);
            (double ofWhole, double? peakOfWhole) = LargestMemory(Whole);
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(
                repetitions, warmUp: 1, clock => clock.Time(nameof(Chunks), Chunks), clock => clock.Time(nameof(Whole), Whole));
            return new LinearCase(
                shape,
                hidden,
                threads,
                medians[nameof(Chunks)].Ms,
                medians[nameof(Whole)].Ms,
                peakOfChunks,
                peakOfWhole,
                Math.Abs(ofChunks - ofWhole) / Math.Max(1, Math.Abs(ofWhole)));
        });
    }

    // In megabytes; null where the system does not tell.
    internal static (double Loss, double? Megabytes) LargestMemory(Func<double> work)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (!File.Exists(Resets)) return (work(), null);
        File.WriteAllText(Resets, FromNowOn);
        double loss = work();
        string line = File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return (loss, double.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) / 1024);
    }
}

/// <summary>The measurements of one shape. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Hidden">H.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="ChunksMs">In chunks of frames.</param>
/// <param name="WholeMs">With one tensor of all logits, in one pass.</param>
/// <param name="ChunksMb">The largest memory of the process in chunks, in megabytes; null where the system does not tell.</param>
/// <param name="WholeMb">The same with one tensor.</param>
/// <param name="LossDifference">The difference of the losses, relative to the loss.</param>
public sealed record LinearCase(
    BenchmarkShape Shape, int Hidden, int Threads, double ChunksMs, double WholeMs, double? ChunksMb, double? WholeMb, double LossDifference)
{
    /// <summary>Gets the speed of chunks relative to one tensor.</summary>
    public double RatioChunks => WholeMs / ChunksMs;
}
