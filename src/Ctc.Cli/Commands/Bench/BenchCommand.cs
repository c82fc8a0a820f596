using System.CommandLine;
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
            CustomParser = BenchmarkShape.Parse,
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
        RequirePositive(linear, "a width of 1 or more");
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
        RequirePositive(decode, "1 frame or more");
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
        command.Validators.Add(result =>
        {
            Option[] ways = [linear, decode, transducer, each, tables];
            string[] chosen = [.. ways.Where(way => result.GetResult(way) is not null).Select(way => way.Name)];
            if (chosen.Length > 1) result.AddError($"{string.Join(" and ", chosen)} are given; expected at most one of them.");
        });
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

            TimeSpan rest = TimeSpan.FromSeconds(parsed.GetValue(pause));
            WriteWhole(shapes, growth, threads, rest, catalog, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void RequirePositive(Option<int?> option, string expected) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() is < 1) result.AddError($"{option.Name} is {result.Tokens[0].Value}; expected {expected}.");
    });

    private static void WriteWhole(
        IReadOnlyList<BenchmarkShape> shapes,
        IReadOnlyList<BenchmarkShape> growth,
        int[] threads,
        TimeSpan rest,
        PartCatalog catalog,
        bool asJson)
    {
        // Measured while they are written.
        var cases = shapes.SelectMany(shape => threads.Select(count => LossBenchmark.Measure(shape, count, Repetitions(shape))))
            .Concat(growth.Select(shape => LossBenchmark.Measure(shape, threads: 1, Repetitions(shape))));
        var fromLogits = shapes.SelectMany(shape => threads.Select(count => LogitsBenchmark.Measure(shape, count, Repetitions(shape))));
        var variants = threads.SelectMany(count => VariantBenchmark.Measure(shapes[0], count, MostRepetitions, catalog));
        var memory = shapes.SelectMany(shape => threads.Select(count => MemoryBenchmark.Measure(shape, count, Repetitions(shape), rest)));
        if (asJson)
        {
            WriteJson(new
            {
                Machine = Machine.This,
                Cases = cases.ToArray(),
                FromLogits = fromLogits.ToArray(),
                Memory = memory.ToArray(),
                Variants = variants.ToArray(),
            });
            return;
        }

        BenchmarkText.Write(Machine.This);
        BenchmarkText.Write(cases);
        BenchmarkText.Write(fromLogits);
        BenchmarkText.Write(memory, rest);
        BenchmarkText.Write($"whole objectives, {shapes[0].Name}", variants);
    }

    private static void WriteLinear(BenchmarkShape shape, int width, int[] threads, bool asJson)
    {
        var cases = threads.Select(count => LinearBenchmark.Measure(shape, width, count, FewestRepetitions));
        if (asJson) WriteJson(new { Machine = Machine.This, Linear = cases.ToArray() });
        else BenchmarkText.Write(shape, width, cases);
    }

    private static void WriteDecoding(int frames, bool asJson)
    {
        IReadOnlyList<DecodeCase> cases = DecodeBenchmark.Measure(frames, MostRepetitions);
        IReadOnlyList<TransducerDecodeCase> transducer = TransducerDecodeBenchmark.Measure(frames, MostRepetitions);
        if (asJson)
        {
            WriteJson(new { Machine = Machine.This, Decoding = cases, TransducerDecoding = transducer });
            return;
        }

        BenchmarkText.Write(frames, cases);
        BenchmarkText.Write(transducer);
    }

    private static void WriteTransducer(BenchmarkShape shape, int[] threads, bool asJson)
    {
        var cases = threads.Select(count => TransducerBenchmark.Measure(shape, count, MostRepetitions));
        if (asJson) WriteJson(new { Machine = Machine.This, Transducer = cases.ToArray() });
        else BenchmarkText.Write(shape, cases);
    }

    private static void WriteEach(BenchmarkShape shape, PartCatalog catalog, IReadOnlyList<string> names, bool asJson)
    {
        var (costs, leftOut) = VariantBenchmark.MeasureEach(shape, threads: 1, MostRepetitions, catalog, names);
        if (asJson)
        {
            WriteJson(new { Machine = Machine.This, Variants = costs, LeftOut = leftOut.ToDictionary(part => part.Name, part => part.Reason) });
            return;
        }

        Output.WriteLine($"Loss and gradient from logits, {BenchmarkText.Sizes(shape).Trim()}, one thread.");
        BenchmarkText.Write("objective", costs);
        foreach ((string name, string reason) in leftOut) Output.WriteLine($"Left out: {name}. {Printable.Line(reason)}");
    }

    private static void WriteJson(object page) => Output.WriteLine(JsonSerializer.Serialize(page, CommandJson.Page));

    private static int Repetitions(BenchmarkShape shape) =>
        (int)Math.Clamp(Cells / ((double)shape.T * shape.B * Math.Max(shape.V, (2 * shape.U) + 1)), FewestRepetitions, MostRepetitions);
}
