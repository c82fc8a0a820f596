using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Experiments.Benchmarks;

namespace Ctc.Cli.Commands;

/// <summary><c>ctc bench [--json]</c>: this machine, libtorch's CTC beside ours.</summary>
internal static class BenchCommand
{
    private const int Repetitions = 11;

    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object in place of a table." };
        var command = new Command("bench", "Times loss and gradient beside libtorch's own, in turns, on one thread and on all.") { json };
        command.SetAction(parsed =>
        {
            NativeLibtorch.Require();
            int[] threads = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
            var cases = LossBenchmark.Shapes.SelectMany(shape => threads.Select(count => LossBenchmark.Measure(shape, count, Repetitions)));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { Machine = Machine.This, Cases = cases.ToArray() }, CommandJson.Page));
                return ExitCode.Done;
            }

            Console.WriteLine($"{Machine.This.Processor}, {Machine.This.Cores} cores; {Machine.This.System}; .NET {Machine.This.Dotnet}, libtorch {Machine.This.Libtorch}");
            Console.WriteLine("Milliseconds for loss and gradient, medians of interleaved repetitions. × is how many times faster than the built-in.");
            Console.WriteLine();
            Console.WriteLine($"{"shape T×B×V, U",-24} {"threads",7} {"built-in",10} {"ours",10} {"×",6} {"backward",10}");
            foreach (BenchmarkCase measured in cases)
            {
                BenchmarkShape shape = measured.Shape;
                Console.WriteLine(FormattableString.Invariant(
                    $"{$"{shape.T}×{shape.B}×{shape.V}, {shape.U}",-24} {measured.Threads,7} {measured.BuiltInMs,10:f1} {measured.DifferentiableMs,10:f1} {measured.RatioDifferentiable,6:f2} {measured.DifferentiableBackwardMs,10:f1}"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private sealed record Machine(string Processor, int Cores, string System, string Dotnet, string Libtorch)
    {
        public static Machine This { get; } = new(
            ProcessorName(),
            Environment.ProcessorCount,
            RuntimeInformation.OSDescription,
            Environment.Version.ToString(),
            torch.__version__);

        private static string ProcessorName()
        {
            const string file = "/proc/cpuinfo", key = "model name";
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
