using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Alignments;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc align --fit</c>: an aligner that is fitted to what it aligns.</summary>
public sealed class AlignFitTests
{
    private const int Rate = 8000;
    private static readonly string[] Small = ["data.rate=8000", "data.bands=24", "model.hidden=24", "train.batch-size=4"];

    [Test]
    [Category("Slow")]
    public void Tones_are_found_from_their_order_alone_and_again_from_the_run_that_was_fitted()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "tones", files: 12);
        CommandOutput first = Fit("tones.jsonl"), again = Fit("tones.jsonl");
        string run = Path.GetRelativePath(folder.Path, Directory.EnumerateDirectories(folder.In("runs", "fit")).Single());
        Write(folder, "others", files: 8);
        File.WriteAllText(folder.In("broken.wav"), "no sound");
        File.AppendAllText(folder.In("others.jsonl"), """{"audio_filepath": "broken.wav", "tokens": ["a"]}""");
        CommandOutput from = CtcCommand.RunIn(folder.Path, "align", run, "--fit", "--manifest", "others.jsonl", "train.epochs=10");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.ExitCode, again.ExitCode, from.ExitCode), Is.EqualTo((0, 0, 2)), first.Error + from.Error);
            Assert.That(first.Error, Does.Contain($"ctc: fitted: {run}\n"));
            Assert.That(again.Error, Does.StartWith($"ctc: fitted before: {run}\n"));
            Assert.That(again.Output, Is.EqualTo(first.Output));
            Assert.That(from.Error, Does.Contain("ctc: Starts from ").And.Contain("others.jsonl: 1 line is not valid and is left out of the data.\n"));
            Assert.That(from.Error, Does.Contain("others.jsonl:9: ").And.EndsWith("ctc: 1 input is left out, 8 aligned.\n"));
            Assert.That(Errors(first, files: 12).Median, Is.LessThan(10), "milliseconds: a frame");
            Assert.That(Errors(from, files: 8).Median, Is.LessThan(10));
        }

        CommandOutput Fit(string manifest) =>
            CtcCommand.RunIn(folder.Path, ["align", "--fit", "--manifest", manifest, "train.epochs=40", .. Small]);
    }

    [Test]
    [Category("Long"), Explicit("a minute")]
    public void Fifty_sentences_of_one_voice_are_aligned_from_nothing()
    {
        bool isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(at => File.Exists(Path.Combine(at, "flite")));
        if (!isInstalled) Assert.Ignore("The program flite is not installed.");
        using var folder = new TemporaryFolder();
        string sentences = Path.Combine(CtcCommand.Repository, "data", "sentences", "sentences.txt");
        CommandOutput fitted = CtcCommand.RunIn(
            folder.Path, "align", "--fit", "--set", "test",
            $"data={{source: flite, sentences: '{sentences}', voices: [awb], train-sentences: 1, dev-sentences: 1, test-sentences: 50}}");
        BoundaryError error = Errors(fitted, files: 50);
        Assert.That((error.Median <= 6.5, error.P90 <= 19, Math.Abs(error.MeanSigned) <= 1), Is.EqualTo((true, true, true)), $"{error}");
    }

    [TestCase(new[] { "align", "--set", "dev" }, "ctc: expected RUN, or --fit or --tokens without it.\n")]
    [TestCase(new[] { "align", "--fit" }, "ctc: expected either --set or --manifest.\n")]
    [TestCase(new[] { "align", "--fit", "--set", "dev" },
        "ctc: --set is a set of an experiment; expected CONFIG, RUN or data={...} with it, or --manifest.\n")]
    [TestCase(new[] { "align", "x.yaml", "y", "--fit", "--set", "dev" }, "ctc: there is an argument 'y' beside x.yaml; expected key=value.\n")]
    [TestCase(new[] { "align", "x.npy", "--fit", "--tokens", "t", "--text", "x" }, "ctc: --fit trains a model; expected no --tokens with it.\n")]
    [TestCase(new[] { "align", "--tokens", "t", "--text", "x" }, "ctc: there are no emissions; expected one or more files with --tokens.\n")]
    [TestCase(new[] { "align", "none.yaml", "--fit", "--set", "dev" }, "ctc: none.yaml: there is no such file; expected a YAML file\n")]
    public void A_bad_command_line_is_refused(string[] arguments, string sentence)
    {
        CommandOutput refused = CtcInProcess.Run(arguments);
        Assert.That((refused.ExitCode, refused.Output, refused.Error), Is.EqualTo((2, "", sentence)));
    }

    [Test]
    public void A_manifest_that_is_not_there_is_named()
    {
        string missing = Path.Combine(CtcCommand.Repository, "none.jsonl");
        CommandOutput refused = CtcInProcess.Run("align", "--fit", "--manifest", "none.jsonl");
        Assert.That(
            (refused.ExitCode, refused.Output, refused.Error),
            Is.EqualTo((2, "", $"ctc: ctc align --fit: train is \"{missing}\"; expected a file or a folder, but {missing} does not exist\n")));
    }

    private static BoundaryError Errors(CommandOutput aligned, int files)
    {
        JsonNode[] lines = [.. aligned.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.That(lines, Has.Length.EqualTo(files));
        return BoundaryError.FromDifferences(
            lines.SelectMany(line => line["boundary_errors"]!.AsArray().Select(error => error!.GetValue<double>())))!;
    }

    // Files of tones, 80 to 250 ms each, of four heights: no two neighbours are alike.
    private static void Write(TemporaryFolder folder, string name, int files)
    {
        double[] heights = [300, 700, 1500, 2800]; // Hz
        var random = new Random(files);
        var lines = new List<string>();
        for (int file = 0; file < files; file++)
        {
            (List<string> tokens, List<double[]> times, List<short> samples) = ([], [], []);
            for (int u = 0, tone = 0; u < 7; u++)
            {
                tone = (tone + random.Next(1, heights.Length)) % heights.Length;
                int start = samples.Count, length = random.Next(Rate * 8 / 100, Rate / 4);
                samples.AddRange(Enumerable.Range(start, length)
                    .Select(n => (short)(8000 * Math.Sin(2 * Math.PI * heights[tone] * n / Rate) + random.Next(-300, 300))));
                tokens.Add($"{(char)('a' + tone)}");
                times.Add([(double)start / Rate, (double)samples.Count / Rate]);
            }

            SoundFile.Write(folder.In($"{name}-{file}.wav"), [.. samples]);
            lines.Add(JsonSerializer.Serialize(new { audio_filepath = $"{name}-{file}.wav", tokens, times }));
        }

        File.WriteAllLines(folder.In($"{name}.jsonl"), lines);
    }
}
