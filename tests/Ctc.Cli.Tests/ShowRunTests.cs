using Ctc.Tests;

namespace Ctc.Cli.Tests;

[Category("Slow")]
public class ShowRunTests
{
    private TemporaryFolder folder = new();
    private string run = "";

    // Heads, words and added tokens in one run; it learns nothing.
    [OneTimeSetUp]
    public void Train()
    {
        folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("lexicon.txt"), "0123456789".Select(digit => $"{digit} x {digit}"));
        run = Train("lexicon", $"{{lexicon: {{file: '{folder.In("lexicon.txt")}', separator: ~}}}}", "model={encoder: conv, middle: 1, hidden: 8}");
    }

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void The_first_utterance_of_a_set_or_those_with_given_ids_are_shown()
    {
        CommandOutput first = Show(run, "--set", "dev"), two = Show(run, "test-3", "test-1");
        Assert.That((first.ExitCode, first.Error, two.ExitCode, two.Error), Is.EqualTo((0, "", 0, "")));
        string[] lines = first.Output.Split('\n');
        Assert.That(lines[0], Does.Match(@"^dev-0: target \d+, read .* frames$"));
        Assert.That(lines, Has.Member("p of middle").And.Member("paths").And.Some.Match(@"^\d: x \d$").And.Some.Match(@"^1  -\d+\.\d{4}  "));
        Assert.That(lines.Count(line => line.StartsWith("  target    ", StringComparison.Ordinal) && line.Contains('x')), Is.EqualTo(1));
        Assert.That(two.Output.Split('\n').Where(line => line.StartsWith("test-", StringComparison.Ordinal)).Select(line => line[..7]),
            Is.EqualTo(new[] { "test-3:", "test-1:" }));
    }

    [Test]
    public void A_new_input_is_shown_with_the_n_best_of_another_decoder()
    {
        File.WriteAllText(folder.In("beam.yaml"), "decoder: { prefix-beam: { width: 8 } }\n");
        string sample = Path.Combine(run, "samples", "test-0.png");
        CommandOutput shown = Show(run, sample, "--decoding", folder.In("beam.yaml"), "--nbest", "3");
        Assert.That((shown.ExitCode, shown.Error), Is.EqualTo((0, "")));
        Assert.That(shown.Output, Does.Match(@": read [^,]*, \d+ frames\n").And.Not.Contain("target").And.Not.Contain("γ"));
        Assert.That(shown.Output.Split('\n').Count(line => line.Length > 2 && char.IsAsciiDigit(line[0]) && line[1..3] == "  "), Is.EqualTo(3));
    }

    [Test]
    public void Pictures_are_written_in_place_of_text()
    {
        CommandOutput shown = Show(run, "test-0", "test-1", "--output", folder.In("new", "pictures"));
        Assert.That((shown.ExitCode, shown.Error), Is.EqualTo((0, "")));
        string[] files = [.. Directory.GetFiles(folder.In("new", "pictures")).Select(file => Path.GetFileName(file)).Order()];
        Assert.That(files, Is.EqualTo(new[] { "1-test-0.png", "2-test-1.png" }));
        Assert.That(shown.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(2));
    }

    [TestCase("asg", "asg")]
    [TestCase("gram", "gram")]
    [TestCase("star", "star")]
    [TestCase("transducer", "{transducer: {joint: 8, embedding: 4, hidden: 8}}")]
    public void Any_topology_is_shown(string name, string topology)
    {
        string trained = Train(name, topology);
        CommandOutput shown = Show(trained, "test-0", Path.Combine(trained, "samples", "test-0.png"), "--nbest", "2");
        Assert.That((shown.ExitCode, shown.Error), Is.EqualTo((0, "")));
        Assert.That(shown.Output, Does.StartWith("test-0: target ").And.Contain("\n  target    ").And.Contain("\n1  -").And.Contain(".png: read "));
        Assert.That(shown.Output.Split('\n').Count(line => line == "p: the posterior of each frame"), Is.EqualTo(2));
    }

    [TestCase(new[] { "test-x" }, "ctc: the set test has no utterance 'test-x', and there is no such file; did you mean 'test-0'?\n")]
    [TestCase(new[] { "/nowhere" },
        "ctc: the set test has no utterance '/nowhere', and there is no such file; expected an id, such as 'test-0', or a file.\n")]
    [TestCase(new[] { "--set", "all" }, "ctc: the set is 'all'; expected train, dev or test.\n")]
    [TestCase(new[] { "--nbest", "0" }, "ctc: --nbest is 0; expected 1 or more.\n")]
    [TestCase(new[] { "--output", " " }, "ctc: The path of the output folder is empty; expected a folder, existing or not.\n")]
    [TestCase(new[] { "--ouput", "x" }, "ctc: there is no option '--ouput'; did you mean '--output'?\n")]
    public void A_wrong_command_line_is_one_sentence(string[] arguments, string sentence)
    {
        CommandOutput refused = Show([run, .. arguments]);
        Assert.That((refused.ExitCode, refused.Output, refused.Error), Is.EqualTo((2, "", sentence)));
    }

    [Test]
    public void Another_folder_is_refused()
    {
        CommandOutput refused = Show(folder.Path);
        string sentence = $"ctc: {folder.Path}: there is no run.json; expected the folder of a run.\n";
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, sentence)));
    }

    private static CommandOutput Show(params string[] arguments) => CtcInProcess.Run(["show", .. arguments]);

    private string Train(string name, string topology, params string[] overrides)
    {
        CommandOutput trained = CtcInProcess.Run(
            [
                "run", "configs/smoke.yaml", "train.epochs=1", "data.train-lines=8", "data.dev-lines=2", "data.test-lines=4",
                "objective.targets=[]", "objective.auxiliary=[]",
                $"objective={{topology: {topology}}}", .. overrides, "--output", folder.In(name),
            ]);
        Assert.That((trained.ExitCode, trained.Error), Is.EqualTo((0, "")));
        return folder.In(name);
    }
}
