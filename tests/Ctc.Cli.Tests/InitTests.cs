using System.Globalization;
using System.Text.RegularExpressions;
using Ctc.Experiments.Data.Common;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Experiments that <c>ctc init</c> writes fit the data and can be run.</summary>
public partial class InitTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    [Category("Slow")]
    public void Lines_in_a_folder_give_an_experiment_that_trains()
    {
        for (int i = 0; i < 30; i++) WriteLine($"{i}", text: $"{(char)('a' + (i % 26))}b{(char)('z' - (i % 26))}", columns: 42);
        CommandOutput written = CtcInProcess.Run("init", "lines", folder.Path, "--output", folder.In("lines.yaml"));
        Assert.That((written.ExitCode, written.Error), Is.EqualTo((0, "")));
        string text = File.ReadAllText(folder.In("lines.yaml"));
        Assert.That(written.Output, Does.StartWith(text.TrimEnd()).And.Contain("Train with: ctc run "));

        // 42 columns for 3 symbols are 14 each: a stride of 4 leaves 3.5.
        Assert.That(text, Does.StartWith("# 30 lines with 26 symbols; 14.0 columns for each symbol at a height of 32.\n"));
        Assert.That(text, Does.Match(@"(?m)^  stride: 4 .*leaves 3\.5 frames").And.Match(@"(?m)^  split-by: line ").And.Match("(?m)^  train: '\\.'"));
        CommandOutput run = CtcInProcess.Run("run", folder.In("lines.yaml"), "train.epochs=1", "--output", folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public void Vertical_lines_are_read_from_top_to_bottom()
    {
        for (int i = 0; i < 20; i++) WriteLine($"{i}", text: "abcdefghij", columns: 8, rows: 200);
        CommandOutput written = CtcInProcess.Run("init", "lines", folder.Path, "--output", folder.In("lines.yaml"));
        Assert.That((written.ExitCode, written.Error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(folder.In("lines.yaml")), Does.Match("(?m)^  direction: top-to-bottom "));
    }

    [Test]
    public void Where_there_are_many_groups_none_is_in_two_sets()
    {
        for (int i = 0; i < 24; i++) WriteLine($"book-{i % 12}/{i}", text: "ab", columns: 30 + i);
        CtcInProcess.Run("init", "lines", folder.Path, "--output", folder.In("lines.yaml"));
        Assert.That(File.ReadAllText(folder.In("lines.yaml")), Does.Match("(?m)^  split-by: group "));
    }

    [Test]
    public void A_text_gives_an_experiment_on_its_printed_lines()
    {
        string[] words = ["alpha", "beta", "gamma", "delta", "omega", "sigma", "theta", "kappa", "lambda", "epsilon", "iota", "zeta"];
        File.WriteAllLines(folder.In("text.txt"), from a in words from b in words from c in words select $"{a} {b} {c}");
        CommandOutput written = CtcInProcess.Run("init", "drawn", folder.Path, "--output", folder.In("drawn.yaml"));
        Assert.That((written.ExitCode, written.Error), Is.EqualTo((0, "")));
        string text = File.ReadAllText(folder.In("drawn.yaml"));
        Assert.That(text, Does.Match("(?m)^  texts: 'text.txt'").And.Match("(?m)^  source: typeset-lines"));
        Match ratio = Ratio().Match(text);
        Assert.That(double.Parse(ratio.Groups[1].Value, CultureInfo.InvariantCulture), Is.InRange(3, 6));
    }

    [Test]
    [Category("Slow")]
    public void Recordings_give_an_experiment_that_trains()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 30).Select(i =>
        {
            SoundFile.Write(folder.In($"{i}.wav"), [.. Enumerable.Range(0, 4800).Select(t => (short)(8000 * Math.Sin(t * (i + 1) / 50.0)))]);
            return $$"""{"audio_filepath": "{{i}}.wav", "text": "{{(char)('a' + (i % 3))}}b{{(char)('c' - (i % 3))}} d", "speaker": {{i % 12}}}""";
        });
        File.WriteAllLines(folder.In("train.jsonl"), lines);
        CommandOutput written = CtcInProcess.Run("init", "speech", folder.In("train.jsonl"), "--output", folder.In("speech.yaml"));
        Assert.That((written.ExitCode, written.Error), Is.EqualTo((0, "")));
        string text = File.ReadAllText(folder.In("speech.yaml"));

        // 60 frames for 5 symbols are 12 each: a stride of 4 leaves 3.
        Assert.That(text, Does.StartWith("# 30 utterances with 5 symbols; 12.0 frames of 10 ms for each symbol.\n"));
        Assert.That(text, Does.Match(@"(?m)^  stride: 4 .*leaves 3\.0 for each"));
        Assert.That(text, Does.Match("(?m)^  split-by: group ").And.Match("(?m)^  train: 'train.jsonl'"));
        CommandOutput run = CtcInProcess.Run("run", folder.In("speech.yaml"), "train.epochs=1", "--output", folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        CommandOutput read = CtcInProcess.Run("decode", folder.In("run"), "--manifest", folder.In("train.jsonl"));
        Assert.That((read.ExitCode, read.Output.Split('\n').Length), Is.EqualTo((0, 31)), read.Error);
        CommandOutput measured = CtcInProcess.Run("evaluate", folder.In("run"), folder.In("train.jsonl"));
        Assert.That((measured.ExitCode, measured.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public void A_file_that_exists_is_not_replaced()
    {
        File.WriteAllText(folder.In("mine.yaml"), "mine");
        CommandOutput refused = CtcInProcess.Run("init", "lines", folder.Path, "--output", folder.In("mine.yaml"));
        string sentence = $"ctc: {folder.In("mine.yaml")} exists; expected a new file, which --output names.\n";
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, sentence)));
        Assert.That(File.ReadAllText(folder.In("mine.yaml")), Is.EqualTo("mine"));
    }

    [TestCase("lines", "missing", "missing does not exist; expected a folder of text lines, or a manifest.")]
    [TestCase("speech", "missing", "missing does not exist; expected JSON Lines, or a data folder of Kaldi.")]
    [TestCase("speech", "", " has no wav.scp; expected a data folder of Kaldi, or a file of JSON Lines.")]
    [TestCase("drawn", "missing", "missing is no text and holds none; expected a file, or a folder with a .txt.")]
    [TestCase("lines", "", "has no lines; expected images with a text, such as 0001.png and 0001.gt.txt, or PAGE-XML or ALTO.")]
    public void Without_data_there_is_a_sentence(string kind, string path, string end)
    {
        CommandOutput refused = CtcInProcess.Run("init", kind, folder.In(path), "--output", folder.In("x.yaml"));
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.EndWith(end + "\n"));
        Assert.That(File.Exists(folder.In("x.yaml")), Is.False);
    }

    // Grey noise of its own for each line: no two images are equal.
    private void WriteLine(string name, string text, int columns, int rows = 32)
    {
        string image = folder.In($"{name}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        SplitMix64 random = SplitMix64.For(1, name);
        float[] ink = [.. Enumerable.Range(0, columns * rows).Select(_ => (float)random.Unit())];
        LineImage.Write(image, new Utterance(name, ink, columns, []));
        File.WriteAllText(folder.In($"{name}.gt.txt"), text);
    }

    [GeneratedRegex(@"leaves ([0-9.]+) frames")]
    private static partial Regex Ratio();
}
