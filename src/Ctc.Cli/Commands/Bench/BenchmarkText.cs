using Ctc.Cli.Terminal;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Figures of benchmarks as tables of text. A sequence is measured while it is written: each row appears once it is known.</summary>
internal static class BenchmarkText
{
    /// <summary>The name of a shape, and its sizes, in columns.</summary>
    public static string Sizes(BenchmarkShape shape) => $"{shape.Name,-12} {$"{shape.T}×{shape.B}×{shape.V}, {shape.U}",-19}";

    public static void Write(Machine machine)
    {
        Output.WriteLine($"{machine.Processor} with {machine.Instructions}, {machine.Cores} cores; {machine.System}");
        Output.WriteLine($".NET {machine.Dotnet}, libtorch {machine.Libtorch}");
    }

    public static void Write(IEnumerable<BenchmarkCase> cases)
    {
        Output.WriteLine("Milliseconds for loss and gradient, medians of interleaved repetitions. × is how many times faster than the built-in.");
        Output.WriteLine();
        Output.WriteLine($"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"built-in",10} {"fused",10} {"×",6} {"differentiable",15} {"×",6}");
        foreach (BenchmarkCase measured in cases)
        {
            Output.WriteLine(
                $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.BuiltInMs,10:f1} {measured.FusedMs,10:f1} {measured.RatioFused,6:f1} " +
                $"{measured.DifferentiableMs,15:f1} {measured.RatioDifferentiable,6:f2}");
        }

        Output.WriteLine();
    }

    public static void Write(IEnumerable<LogitsCase> cases)
    {
        Output.WriteLine("The same from logits: after a log-softmax, in one pass, and in one pass with stars (a class of tokens for each blank).");
        Output.WriteLine(
            $"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"built-in",10} {"fused",10} {"×",6} {"one pass",15} {"×",6} {"star",10} {"×",6}");
        foreach (LogitsCase measured in cases)
        {
            Output.WriteLine(
                $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.BuiltInMs,10:f1} {measured.TwoStepsMs,10:f1} " +
                $"{measured.RatioTwoSteps,6:f1} {measured.OnePassMs,15:f1} {measured.RatioOnePass,6:f1} " +
                $"{measured.StarMs,10:f1} {measured.RatioStar,6:f1}");
        }

        Output.WriteLine();
    }

    public static void Write(IEnumerable<MemoryCase> cases, TimeSpan rest)
    {
        Output.WriteLine(
            $"Time in the kernel and page faults of a step of the fused recursion, and of one after {rest.TotalSeconds} seconds of rest.");
        Output.WriteLine(
            $"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"ms",10} {"system",10} {"faults",6} {"after rest",15} {"system",10} {"faults",6}");
        foreach (MemoryCase measured in cases)
        {
            Output.WriteLine(
                $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.Ms,10:f1} {measured.SystemMs,10:f1} {measured.Faults,6:f0} " +
                $"{measured.AfterPauseMs,15:f1} {measured.AfterPauseSystemMs,10:f1} {measured.AfterPauseFaults,6:f0}");
        }

        Output.WriteLine();
    }

    public static void Write(string title, IEnumerable<VariantCost> costs)
    {
        Output.WriteLine($"{title,-32} {"threads",7} {"ms",10} {"to plain",10}");
        foreach (VariantCost cost in costs) Output.WriteLine($"{cost.Name,-32} {cost.Threads,7} {cost.Ms,10:f1} {cost.RatioToPlain,10:f2}");
    }

    public static void Write(BenchmarkShape shape, int width, IEnumerable<LinearCase> cases)
    {
        Output.WriteLine("Loss and gradients from hidden states and a linear layer, in chunks of frames and with one tensor of logits.");
        Output.WriteLine($"{"T×B×V, U, H",-24} {"threads",7} {"chunks ms",10} {"tensor ms",10} {"×",6} {"chunks MB",10} {"tensor MB",10}");
        string sizes = $"{shape.T}×{shape.B}×{shape.V}, {shape.U}, {width}";
        foreach (LinearCase measured in cases)
        {
            Output.WriteLine(
                $"{sizes,-24} {measured.Threads,7} {measured.ChunksMs,10:f1} {measured.WholeMs,10:f1} {measured.RatioChunks,6:f2} " +
                $"{measured.ChunksMb,10:f0} {measured.WholeMb,10:f0}");
        }
    }

    public static void Write(int frames, IEnumerable<DecodeCase> cases)
    {
        Output.WriteLine($"Prefix beam search over {frames} frames of {DecodeBenchmark.Tokens} tokens, frames per second on one thread.");
        Output.WriteLine($"{"emissions",-10} {"width",5} {"model",8} {"frames/s",10} {"kB",8}");
        foreach (DecodeCase measured in cases)
        {
            (string emissions, string model) = (measured.IsClear ? "clear" : "flat", measured.HasTrigram ? "trigram" : "none");
            Output.WriteLine($"{emissions,-10} {measured.Width,5} {model,8} {measured.FramesPerSecond,10:f0} {measured.Bytes / 1e3,8:f0}");
        }

        Output.WriteLine();
    }

    public static void Write(IEnumerable<TransducerDecodeCase> cases)
    {
        Output.WriteLine("The beam of a transducer, its networks included.");
        Output.WriteLine($"{"width",16} {"frames/s",19}");
        foreach (TransducerDecodeCase measured in cases) Output.WriteLine($"{measured.Width,16} {measured.FramesPerSecond,19:f0}");
    }

    public static void Write(BenchmarkShape shape, IEnumerable<TransducerCase> cases)
    {
        Output.WriteLine("Loss and gradient of a transducer from logits, by the fused and the differentiable recursion.");
        Output.WriteLine($"{"T×B×V, U",-24} {"threads",7} {"fused ms",10} {"diff. ms",10} {"×",6} {"fused MB",10} {"diff. MB",10}");
        string sizes = $"{shape.T}×{shape.B}×{shape.V}, {shape.U}";
        foreach (TransducerCase measured in cases)
        {
            Output.WriteLine(
                $"{sizes,-24} {measured.Threads,7} {measured.FusedMs,10:f1} {measured.DifferentiableMs,10:f1} {measured.RatioFused,6:f1} " +
                $"{measured.FusedMb,10:f0} {measured.DifferentiableMb,10:f0}");
        }
    }
}
