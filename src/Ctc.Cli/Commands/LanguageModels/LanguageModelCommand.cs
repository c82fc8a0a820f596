using System.CommandLine;
using System.IO.Compression;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Experiments.Data.Sentences;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.LanguageModels;

/// <summary><c>ctc lm build TEXT... --output FILE [--order N] [--unit word|token] [--symbols FILE] [--displayed]</c>.</summary>
internal static class LanguageModelCommand
{
    private const int LongestOrder = 10;
    private const string Compressed = ".gz";

    public static Command Build(CommandServices services) => new("lm", "Language models for decoding.") { BuildModel(services) };

    private static Command BuildModel(CommandServices services)
    {
        var texts = new Argument<string[]>("TEXT")
        {
            Description = "Files of text in UTF-8, a sentence a line; the folder of a run stands for the targets of its training set.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output")
        {
            Description = "The file to write, in the format ARPA; compressed if it ends in .gz.", Required = true,
        };
        var order = new Option<int>("--order")
        {
            Description = $"The units of the longest n-gram, 1 to {LongestOrder}.", DefaultValueFactory = _ => 3,
        };
        var unit = new Option<LanguageUnit>("--unit")
        {
            Description = "What is counted: words, or the tokens of the alphabet.",
            DefaultValueFactory = _ => LanguageUnit.Word,
        };
        var symbols = new Option<string?>("--symbols") { Description = "The symbols into which files are split for tokens, one a line." };
        var displayed = new Option<bool>("--displayed")
        {
            Description = "Put the sentences of files in the order of display, as data with direction: auto are.",
        };
        var trust = new Option<bool>("--trust") { Description = "Load the plugins at the paths that a run names too: code chosen by its author." };
        const string description = "Estimates an n-gram model from text, with interpolated Kneser-Ney smoothing, and writes it as an ARPA file.";
        var command = new Command("build", description) { texts, output, order, unit, symbols, displayed, trust };
        order.Validators.Add(given =>
        {
            int number = given.GetValueOrDefault<int>();
            if (number is < 1 or > LongestOrder) given.AddError($"--order is {number}; expected 1 to {LongestOrder}.");
        });
        command.Validators.Add(result =>
        {
            if (!string.IsNullOrWhiteSpace(result.GetValue(output))) return;
            result.AddError("the path of the output file is empty; expected a file to write.");
        });
        command.SetAction(parsed =>
        {
            var estimate = new KneserNey(parsed.GetValue(order));
            string? split = parsed.GetValue(symbols) is { } file ? StartFolder.Resolve(file) : null;
            foreach (string text in parsed.GetRequiredValue(texts))
            {
                string path = StartFolder.Resolve(text);
                Add(estimate, Directory.Exists(path)
                    ? Targets(text, parsed.GetValue(unit), services, parsed.GetValue(trust))
                    : Sentence.Load(path, parsed.GetValue(unit), split, parsed.GetValue(displayed)));
            }

            if (estimate.Sentences == 0) throw new InvalidDataException("There is no text; expected at least one sentence.");
            Write(estimate, StartFolder.Resolve(parsed.GetRequiredValue(output)));
            return ExitCode.Done;
        });
        return command;
    }

    // In the order of the frames.
    private static Sentence[] Targets(string run, LanguageUnit unit, CommandServices services, bool trust)
    {
        Libtorch.Require();
        torch.set_num_threads(1);
        using TrainedModel model = new DecodePlugins(run, [], trust).Load(services, anyBuild: true);
        return [.. Sentence.FromTargets(model.LoadSet("train"), model.Vocabulary.Alphabet!, unit)];
    }

    private static void Add(KneserNey estimate, IEnumerable<Sentence> sentences)
    {
        foreach (Sentence sentence in sentences)
        {
            try
            {
                estimate.Add(sentence.Units);
            }
            catch (ArgumentException fault)
            {
                throw new InvalidDataException($"{sentence.Where}: {fault.Message}", fault);
            }
        }
    }

    private static void Write(KneserNey estimate, string file)
    {
        NGramModel model = estimate.Build();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        WholeFile.Write(file, stream =>
        {
            if (!file.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase))
            {
                ArpaFile.Write(model, stream);
                return;
            }

            using var zipped = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
            ArpaFile.Write(model, zipped);
        });
        string counts = string.Join(", ", model.Counts.Select((count, i) => $"{count} {i + 1}-grams"));
        Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: {estimate.Sentences} sentences, {estimate.Units} units; {counts}");
    }
}
