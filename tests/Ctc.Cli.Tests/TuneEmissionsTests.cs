using System.IO.Compression;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc tune --tokens</c>: emissions of other programs with their texts.</summary>
public class TuneEmissionsTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Fill()
    {
        folder = new TemporaryFolder();
        File.WriteAllText(folder.In("tokens.txt"), "<blank>\na\nb\n|\n");
        // The second is read as "b a" by itself; a is no word of the language model.
        File.WriteAllBytes(folder.In("one.npy"), NumpyBytes.OfDoubles([6, 4], Scores("a-a|b-", sharp: 4)));
        using (ZipArchive archive = ZipFile.Open(folder.In("more.npz"), ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("two.npy").Open();
            entry.Write(NumpyBytes.OfDoubles([4, 4], Scores("b|a-", sharp: 0.2)));
        }

        File.WriteAllText(folder.In("sentences.txt"), "b\nb\naa b\nb aa\nb aa\nb aa\nb aa b\n");
        File.WriteAllText(folder.In("texts"), "one aa b\ntwo b\nthree a\n");
        File.WriteAllText(
            folder.In("beam.yaml"), "topology: selfless\ndecoder: prefix-beam\nlanguage-model: { arpa: { file: lm.arpa, unit: word } }\n");
        Assert.That(CtcInProcess.Run("lm", "build", folder.In("sentences.txt"), "--order", "2", "--output", folder.In("lm.arpa")).ExitCode, Is.Zero);
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void The_file_that_is_written_reads_the_texts()
    {
        CommandOutput tuned = Tune(folder.In("one.npy"), folder.In("more.npz"));
        Assert.That((tuned.ExitCode, tuned.Error), Is.EqualTo((0, "")));
        Assert.That(
            tuned.Output,
            Does.Match(@"tuned\.yaml: language-weight [\d.]+, insertion-bonus -?[\d.]+: word error rate 0\.00 % on 2 utterances of .*texts; without"));
        Assert.That(tuned.Output, Does.Not.Contain("without the language model 0.00 %"));
        CommandOutput read = CtcInProcess.Run(
            "decode", "--tokens", folder.In("tokens.txt"), "--decoding", folder.In("tuned.yaml"), folder.In("one.npy"), folder.In("more.npz"));
        Assert.That(read.Output.Replace(" \n", "\n"), Is.EqualTo($"{folder.In("one.npy")}\taa b\n{folder.In("more.npz")}:two\tb\n"));
        Assert.That(File.ReadAllText(folder.In("tuned.yaml")), Does.Contain("\"selfless\""), "the topology is kept");
    }

    [Test]
    public void What_is_missing_is_named()
    {
        File.WriteAllText(folder.In("texts"), "one aa b\n");
        Assert.That(
            Tune(folder.In("more.npz")).Error,
            Is.EqualTo($"ctc: {folder.In("more.npz")}:two has no text in {folder.In("texts")}; expected a line that begins with 'two'.\n"));
        File.WriteAllText(folder.In("texts"), "one a\none b\n");
        Assert.That(
            Tune(folder.In("one.npy")).Error,
            Is.EqualTo($"ctc: {folder.In("texts")}:2: the name 'one' occurs twice; expected one text for each.\n"));
    }

    [TestCase("ctc: --tokens describes emissions; expected --texts and --decoding with it.\n", "x.npy", "--tokens", "t")]
    [TestCase(
        "ctc: --set is of a run's data; expected --texts with --tokens.\n",
        "x.npy", "--tokens", "t", "--texts", "x", "--decoding", "y", "--set", "dev")]
    [TestCase("ctc: --texts has texts of emissions; expected --tokens with it.\n", "run", "--texts", "x")]
    [TestCase("ctc: --blank and --probabilities describe emissions; expected --tokens with them.\n", "run", "--probabilities")]
    public void Options_that_do_not_go_together_are_refused(string message, params string[] arguments)
    {
        CommandOutput refused = CtcInProcess.Run(["tune", "--output", folder.In("no.yaml"), .. arguments]);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, message)));
    }

    private CommandOutput Tune(params string[] emissions) => CtcInProcess.Run(
        ["tune", "--tokens", folder.In("tokens.txt"), "--texts", folder.In("texts"), "--decoding", folder.In("beam.yaml"), "--output",
            folder.In("tuned.yaml"), .. emissions]);

    // A letter a frame, - for the blank.
    private static double[] Scores(string path, double sharp) =>
        [.. path.SelectMany(letter => "-ab|".Select(token => token == letter ? sharp : 0.0))];
}
