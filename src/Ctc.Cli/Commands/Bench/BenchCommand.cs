using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Bench;

/// <summary>
/// <c>ctc bench [--json] [--shape T,B,V,U] [--pause SECONDS] [--linear H] [--decode T] [--transducer] [--variants [NAME,...]]</c>: this
/// machine, libtorch's CTC beside ours. <c>ctc bench --tables PAGE FILE...</c> writes the figures into a page.
/// </summary>
internal static class BenchCommand
{
    private const int MostRepetitions = 11, FewestRepetitions = 3;
    private const double DefaultPause = 5, MostPause = 600;
    private const double Cells = 2e7; // read and written in all repetitions of a shape, so that large ones do not take minutes

    public static Command Build(CommandServices services)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table." };
        var one = new Option<BenchmarkShape?>("--shape")
        {
            Description = "T,B,V,U: only this shape, instead of four and of their growth.",
            CustomParser = Parse,
        };
        var linear = new Option<int?>("--linear")
        {
            Description = "H: only the loss from hidden states of this width and a linear layer, in chunks and with one tensor of logits.",
        };
        var transducer = new Option<bool>("--transducer")
        {
            Description = "Only the loss of a transducer, by both recursions; without --shape 150 frames, 16 utterances, 28 and 40 tokens.",
        };
        var each = new Option<string?>("--variants")
        {
            Description = "Only plain CTC and each part of an objective, or those of these names, at default options, from logits, on one thread.",
            HelpName = "NAME,...",
            Arity = ArgumentArity.ZeroOrOne,
        };
        linear.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError($"--linear is {result.Tokens[0].Value}; expected a width of 1 or more.");
        });
        var pause = new Option<double>("--pause")
        {
            Description = "Seconds of rest before a step whose memory is measured; by default 5.",
            DefaultValueFactory = _ => DefaultPause,
        };
        pause.Validators.Add(given =>
        {
            double seconds = given.GetValueOrDefault<double>();
            if (!(seconds is >= 0 and <= MostPause)) given.AddError($"--pause is {seconds}; expected 0 to {MostPause} seconds.");
        });
        var decode = new Option<int?>("--decode")
        {
            Description = "T: only beams over utterances of T frames, on one thread: prefixes without and with a trigram, and a transducer.",
        };
        decode.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError($"--decode is {result.Tokens[0].Value}; expected 1 frame or more.");
        });
        var tables = new Option<string?>("--tables")
        {
            Description = "PAGE: measures nothing, and replaces the tables of a page in Markdown by the figures of files that --json printed.",
            HelpName = "PAGE",
        };
        var files = new Argument<string[]>("FILE")
        {
            Description = "With --tables: the output of --json of one or more runs.", Arity = ArgumentArity.ZeroOrMore,
        };
        const string Does = "Times loss and gradient beside libtorch's own, in turns, on one thread and on all.";
        var command = new Command("bench", Does) { files, json, one, pause, linear, decode, transducer, each, tables };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(tables) is { } written) return BenchmarkPage.Write(written, parsed.GetValue(files) ?? []);
            if (parsed.GetValue(files) is [var loose, ..])
            {
                throw new InvalidDataException($"the argument '{loose}' is given without --tables; expected none, or --tables PAGE.");
            }

            Libtorch.Require();
            if (parsed.GetValue(decode) is { } frames)
            {
                WriteDecoding(frames, parsed.GetValue(json));
                return ExitCode.Done;
            }

            BenchmarkShape? asked = parsed.GetValue(one);
            IReadOnlyList<BenchmarkShape> shapes = asked is null ? LossBenchmark.Shapes : [asked], growth = asked is null ? LossBenchmark.Growth : [];
            int[] threads = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
            if (parsed.GetValue(linear) is { } width)
            {
                WriteLinear(asked ?? LossBenchmark.Shapes[1], width, threads, parsed.GetValue(json));
                return ExitCode.Done;
            }

            if (parsed.GetValue(transducer))
            {
                WriteTransducer(asked ?? TransducerBenchmark.Shape, threads, parsed.GetValue(json));
                return ExitCode.Done;
            }

            PartCatalog catalog = services.Parts();
            if (parsed.GetResult(each) is not null)
            {
                string[] names = parsed.GetValue(each)?.Split(',') ?? [];
                WriteEach(shapes[0], catalog, names, parsed.GetValue(json));
                return ExitCode.Done;
            }

            var cases = shapes.SelectMany(shape => threads.Select(count => LossBenchmark.Measure(shape, count, Repetitions(shape))))
                .Concat(growth.Select(shape => LossBenchmark.Measure(shape, threads: 1, Repetitions(shape))));
            var fromLogits = shapes.SelectMany(shape => threads.Select(count => LogitsBenchmark.Measure(shape, count, Repetitions(shape))));
            var variants = threads.SelectMany(count => VariantBenchmark.Measure(shapes[0], count, MostRepetitions, catalog));
            TimeSpan rest = TimeSpan.FromSeconds(parsed.GetValue(pause));
            var memory = shapes.SelectMany(shape => threads.Select(count => MemoryBenchmark.Measure(shape, count, Repetitions(shape), rest)));
            if (parsed.GetValue(json))
            {
                var page = new
                {
                    Machine = Machine.This,
                    Cases = cases.ToArray(),
                    FromLogits = fromLogits.ToArray(),
                    Memory = memory.ToArray(),
                    Variants = variants.ToArray(),
                };
                Output.WriteLine(JsonSerializer.Serialize(page, CommandJson.Page));
                return ExitCode.Done;
            }

            Machine machine = Machine.This;
            Output.WriteLine($"{machine.Processor} with {machine.Instructions}, {machine.Cores} cores; {machine.System}");
            Output.WriteLine($".NET {machine.Dotnet}, libtorch {machine.Libtorch}");
            Output.WriteLine(
                "Milliseconds for loss and gradient, medians of interleaved repetitions. × is how many times faster than the built-in.");
            Output.WriteLine();
            Output.WriteLine($"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"built-in",10} {"fused",10} {"×",6} {"differentiable",15} {"×",6}");
            foreach (BenchmarkCase measured in cases)
            {
                Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.BuiltInMs,10:f1} {measured.FusedMs,10:f1} {measured.RatioFused,6:f1} " +
                    $"{measured.DifferentiableMs,15:f1} {measured.RatioDifferentiable,6:f2}"));
            }

            Output.WriteLine();
            Output.WriteLine(
                "The same from logits: after a log-softmax, in one pass, and in one pass with stars (a class of tokens for each blank).");
            Output.WriteLine(
                $"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"built-in",10} {"fused",10} {"×",6} {"one pass",15} {"×",6} {"star",10} {"×",6}");
            foreach (LogitsCase measured in fromLogits)
            {
                Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.BuiltInMs,10:f1} {measured.TwoStepsMs,10:f1} " +
                    $"{measured.RatioTwoSteps,6:f1} {measured.OnePassMs,15:f1} {measured.RatioOnePass,6:f1} " +
                    $"{measured.StarMs,10:f1} {measured.RatioStar,6:f1}"));
            }

            Output.WriteLine();
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Time in the kernel and page faults of a step of the fused recursion, and of one after {rest.TotalSeconds} seconds of rest."));
            Output.WriteLine(
                $"{"shape",-12} {"T×B×V, U",-19} {"threads",7} {"ms",10} {"system",10} {"faults",6} {"after rest",15} {"system",10} {"faults",6}");
            foreach (MemoryCase measured in memory)
            {
                Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Sizes(measured.Shape)} {measured.Threads,7} {measured.Ms,10:f1} {measured.SystemMs,10:f1} {measured.Faults,6:f0} " +
                    $"{measured.AfterPauseMs,15:f1} {measured.AfterPauseSystemMs,10:f1} {measured.AfterPauseFaults,6:f0}"));
            }

            Output.WriteLine();
            Output.WriteLine($"{$"whole objectives, {shapes[0].Name}",-32} {"threads",7} {"ms",10} {"to plain",10}");
            foreach (VariantCost cost in variants)
            {
                Output.WriteLine(FormattableString.Invariant($"{cost.Name,-32} {cost.Threads,7} {cost.Ms,10:f1} {cost.RatioToPlain,10:f2}"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteLinear(BenchmarkShape shape, int width, int[] threads, bool asJson)
    {
        var cases = threads.Select(count => LinearBenchmark.Measure(shape, width, count, FewestRepetitions));
        if (asJson)
        {
            Output.WriteLine(JsonSerializer.Serialize(new { Machine = Machine.This, Linear = cases.ToArray() }, CommandJson.Page));
            return;
        }

        Output.WriteLine("Loss and gradients from hidden states and a linear layer, in chunks of frames and with one tensor of logits.");
        Output.WriteLine($"{"T×B×V, U, H",-24} {"threads",7} {"chunks ms",10} {"tensor ms",10} {"×",6} {"chunks MB",10} {"tensor MB",10}");
        foreach (LinearCase measured in cases)
        {
            string sizes = $"{shape.T}×{shape.B}×{shape.V}, {shape.U}, {width}";
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sizes,-24} {measured.Threads,7} {measured.ChunksMs,10:f1} {measured.WholeMs,10:f1} {measured.RatioChunks,6:f2} " +
                $"{measured.ChunksMb,10:f0} {measured.WholeMb,10:f0}"));
        }
    }

    private static void WriteDecoding(int frames, bool asJson)
    {
        IReadOnlyList<DecodeCase> cases = DecodeBenchmark.Measure(frames, MostRepetitions);
        IReadOnlyList<TransducerDecodeCase> transducer = TransducerDecodeBenchmark.Measure(frames, MostRepetitions);
        if (asJson)
        {
            var page = new { Machine = Machine.This, Decoding = cases, TransducerDecoding = transducer };
            Output.WriteLine(JsonSerializer.Serialize(page, CommandJson.Page));
            return;
        }

        Output.WriteLine($"Prefix beam search over {frames} frames of {DecodeBenchmark.Tokens} tokens, frames per second on one thread.");
        Output.WriteLine($"{"emissions",-10} {"width",5} {"model",8} {"frames/s",10} {"kB",8}");
        foreach (DecodeCase measured in cases)
        {
            (string emissions, string model) = (measured.IsClear ? "clear" : "flat", measured.HasTrigram ? "trigram" : "none");
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{emissions,-10} {measured.Width,5} {model,8} {measured.FramesPerSecond,10:f0} {measured.Bytes / 1e3,8:f0}"));
        }

        Output.WriteLine();
        Output.WriteLine("The beam of a transducer, its networks included.");
        Output.WriteLine($"{"width",16} {"frames/s",19}");
        foreach (TransducerDecodeCase measured in transducer)
        {
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measured.Width,16} {measured.FramesPerSecond,19:f0}"));
        }
    }

    private static void WriteTransducer(BenchmarkShape shape, int[] threads, bool asJson)
    {
        var cases = threads.Select(count => TransducerBenchmark.Measure(shape, count, MostRepetitions));
        if (asJson)
        {
            Output.WriteLine(JsonSerializer.Serialize(new { Machine = Machine.This, Transducer = cases.ToArray() }, CommandJson.Page));
            return;
        }

        Output.WriteLine("Loss and gradient of a transducer from logits, by the fused and the differentiable recursion.");
        Output.WriteLine($"{"T×B×V, U",-24} {"threads",7} {"fused ms",10} {"diff. ms",10} {"×",6} {"fused MB",10} {"diff. MB",10}");
        foreach (TransducerCase measured in cases)
        {
            string sizes = $"{shape.T}×{shape.B}×{shape.V}, {shape.U}";
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sizes,-24} {measured.Threads,7} {measured.FusedMs,10:f1} {measured.DifferentiableMs,10:f1} {measured.RatioFused,6:f1} " +
                $"{measured.FusedMb,10:f0} {measured.DifferentiableMb,10:f0}"));
        }
    }

    private static void WriteEach(BenchmarkShape shape, PartCatalog catalog, IReadOnlyList<string> names, bool asJson)
    {
        var (costs, leftOut) = VariantBenchmark.MeasureEach(shape, threads: 1, MostRepetitions, catalog, names);
        if (asJson)
        {
            var page = new { Machine = Machine.This, Variants = costs, LeftOut = leftOut.ToDictionary(part => part.Name, part => part.Reason) };
            Output.WriteLine(JsonSerializer.Serialize(page, CommandJson.Page));
            return;
        }

        Output.WriteLine($"Loss and gradient from logits, {Sizes(shape).Trim()}, one thread.");
        Output.WriteLine($"{"objective",-32} {"ms",10} {"to plain",10}");
        foreach (VariantCost cost in costs)
        {
            Output.WriteLine(FormattableString.Invariant($"{cost.Name,-32} {cost.Ms,10:f1} {cost.RatioToPlain,10:f2}"));
        }

        foreach ((string name, string reason) in leftOut) Output.WriteLine($"Left out: {name}. {Printable.Line(reason)}");
    }

    private static BenchmarkShape? Parse(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        int[] sizes =
            [.. given.Split(',').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        if (sizes is [> 0, > 0, > 1, > 0] && sizes[0] >= 2L * sizes[3]) return new BenchmarkShape("given", sizes[0], sizes[1], sizes[2], sizes[3]);
        result.AddError(
            $"--shape is {given}; expected T,B,V,U: frames, utterances, 2 or more tokens, and at most half as many tokens of a target as frames.");
        return null;
    }

    private static string Sizes(BenchmarkShape shape) => $"{shape.Name,-12} {$"{shape.T}×{shape.B}×{shape.V}, {shape.U}",-19}";

    private static int Repetitions(BenchmarkShape shape) =>
        (int)Math.Clamp(Cells / ((double)shape.T * shape.B * Math.Max(shape.V, (2 * shape.U) + 1)), FewestRepetitions, MostRepetitions);

    private sealed record Machine(string Processor, string Instructions, int Cores, string System, string Dotnet, string Libtorch)
    {
        public static Machine This { get; } = new(
            ProcessorName(),
            InstructionSet(),
            Environment.ProcessorCount,
            RuntimeInformation.OSDescription,
            Environment.Version.ToString(),
            torch.__version__);

        // The widest vectors that .NET uses in this process: environment variables such as DOTNET_EnableAVX512 count.
        private static string InstructionSet() => Avx512F.IsSupported ? "AVX-512"
            : Avx2.IsSupported ? "AVX2"
            : AdvSimd.IsSupported ? "AdvSimd"
            : Vector128.IsHardwareAccelerated ? "vectors of 128 bits"
            : "no vectors";

        private static string ProcessorName()
        {
            const string file = "/proc/cpuinfo", key = "model name";
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
