using System.Diagnostics;
using System.Text;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>One line for each object, in order; an invalid object does not affect the others.</summary>
[NoTensorLeaks]
public class LossStreamTests
{
    private const string One = """{"inputs":[[[0,0]]],"targets":[[1]],"outputs":["infeasible"]}""", None =
        """{"inputs":[[[0,0]]],"targets":[[1,1]],"outputs":["infeasible"]}""";
    private const string OneSaid = """{"infeasible":[]}""", NoneSaid = """{"infeasible":[0]}""";

    [TestCase(One + None)]
    [TestCase("\uFEFF" + One + " " + None)]
    [TestCase("\r\n" + One + "\r\n\r\n" + None + "\r\n")]
    [TestCase("{\n \"inputs\":[[[0,0]]],\n\"targets\":\n[[1]], \"outputs\":[\"infeasible\"],\n\"objective\":\n{\n\t\"topology\":\"ctc\"\n}}" + "\t" + None)]
    public void White_space_or_nothing_separates(string text)
    {
        (int exitCode, string[] lines) = LossInProcess.Run(text);
        Assert.That(exitCode, Is.Zero);
        Assert.That(lines, Is.EqualTo(new[] { OneSaid, NoneSaid }));
    }

    [TestCase("{}")]
    [TestCase("foo bar")]
    [TestCase("[{\"a\":\n{}}]")]
    [TestCase("{\"inputs\":[[0,0}")]
    [TestCase("{\"inputs\":\"[[0,0}")]
    [TestCase("{\"inputs\":\"}\\\"{\\")]
    [TestCase("}")]
    [TestCase("{\"inputs\":[[[0,0]]],\n \"targets\":[[1}")]
    public void A_bad_one_among_good_ones(string bad)
    {
        (int exitCode, string[] lines) = LossInProcess.Run($"{One}\n{bad}\n{None}\n");
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That((lines[0], lines[2]), Is.EqualTo((OneSaid, NoneSaid)));
        Assert.That(lines[1], Does.StartWith("""{"error":""").And.Contain("expected"));
    }

    [Test]
    public void Files_in_their_order_the_missing_one_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("a.json"), One + None);
        File.WriteAllText(folder.In("b.json"), None + "{");
        (int exitCode, string[] lines) = LossInProcess.Run([], folder.In("b.json"), folder.In("c.json"), folder.Path, folder.In("a.json"));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(lines, Is.EqualTo(new[]
        {
            NoneSaid,
            $$"""{"error":"{{folder.In("b.json")}}:1:65: a bracket is not closed; expected well-formed JSON"}""",
            $$"""{"error":"{{folder.In("c.json")}}: there is no such file; expected one of JSON objects"}""",
            $$"""{"error":"{{folder.Path}}: found a folder; expected a file of JSON objects"}""",
            OneSaid,
            NoneSaid,
        }));
    }

    [Test]
    public void A_dash_is_standard_input()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("a.json"), None);
        (int exitCode, string[] lines) = LossInProcess.Run(Encoding.UTF8.GetBytes(One), folder.In("a.json"), "-");
        Assert.That(exitCode, Is.Zero);
        Assert.That(lines, Is.EqualTo(new[] { NoneSaid, OneSaid }));
    }

    [TestCase("log-probs", "[[-0.5,-1.5]],[[-0.7,-0.6]]", "inputs[0][0]: the probabilities sum to 0.82966; expected 1, as of log-probs")]
    [TestCase("probs", "[[0.5,0.5]],[[0.5,0.75]]", "inputs[1][0]: the probabilities sum to 1.25; expected 1, as of probs")]
    [TestCase("log-probs", "[[0,0]],[[0,0]]", "inputs[0][0]: the probabilities sum to 2; expected 1, as of log-probs")]
    public void Probabilities_that_do_not_sum_to_one_are_answered_with_a_warning(string kind, string inputs, string sentence)
    {
        string request = $"\n{{\"inputs\":[{inputs}],\"input\":\"{kind}\",\"targets\":[[1]]}}";
        Assert.That(LossInProcess.Run(request).ExitCode, Is.Zero);
        Assert.That(
            LossInProcess.Warnings(request),
            Is.EqualTo($"WARNING standard input:2: {sentence}: the kind for other numbers is scores or logits{Environment.NewLine}"));
    }

    [TestCase("log-probs", "[[-0.693,-0.693]],[[-0.693,-0.693]]")]
    [TestCase("scores", "[[0,0]],[[0,0]]")]
    [TestCase("logits", "[[0,0]],[[0,0]]")]
    [TestCase("log-probs", "[[\"nan\",0]],[[-0.693,-0.693]]")]
    public void Others_are_answered_without_one(string kind, string inputs) =>
        Assert.That(LossInProcess.Warnings($"{{\"inputs\":[{inputs}],\"input\":\"{kind}\",\"targets\":[[1]]}}"), Is.Empty);

    [Test]
    public void Padding_needs_no_sum() =>
        Assert.That(
            LossInProcess.Warnings("""{"layout":"BTV","inputs":[[[0.5,0.5],[0,0]]],"input":"probs","input_lengths":[1],"targets":[[1]]}"""),
            Is.Empty);

    [TestCase("", 2, "{\"error\":\"standard input: there is nothing; expected one or more JSON objects\"}\n")]
    [TestCase(One + "\n" + None, 0, OneSaid + "\n" + NoneSaid + "\n")]
    [TestCase("{\"inputs\":1}" + One, 2, "{\"error\":\"inputs: 1; expected three lists, one in the other, of numbers\"}\n" + OneSaid + "\n")]
    [Category("Slow")]
    public void The_process_reads_standard_input_and_says_it_by_its_exit_code(string input, int exitCode, string output) =>
        Assert.That(CtcCommand.Pipe(input, "loss"), Is.EqualTo(new CommandOutput(exitCode, output, "")));

    [Test]
    [Category("Slow")]
    [Platform("Linux")]
    public void A_process_without_standard_input_ends_with_a_sentence()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" loss <&-", CtcCommand.Dll]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(1)); // it hangs for ever or not at all
        if (!ended) process.Kill(entireProcessTree: true);
        Assert.That(ended);
        Assert.That(process.ExitCode, Is.EqualTo(2));
        Assert.That(process.StandardOutput.ReadToEnd(), Is.EqualTo("{\"error\":\"standard input: it is closed; expected JSON objects\"}\n"));
    }

    [Test]
    [Category("Slow")]
    public void The_process_reads_files_and_knows_the_plugins_beside_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.In("a.json"),
            """{"inputs":[[[0,0]]],"targets":[[1]],"outputs":["loss"],"objective":{"weighting":[{"focal":{"alpha":1,"gamma":1}}]}}""",
            Encoding.UTF8);
        CommandOutput said = CtcCommand.Run("loss", folder.In("a.json"));
        Assert.That((said.ExitCode, said.Error), Is.EqualTo((0, "")));
        Assert.That(said.Output, Does.Match("""^\{"loss":\[0\.34657359027997\d*\]\}\n$"""));
    }
}
