using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc lm build</c>, and the part <c>arpa</c> in an experiment.</summary>
public class LanguageModelTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void A_model_of_words_is_estimated_from_text()
    {
        File.WriteAllText(folder.In("text"), "the cat\n\nthe  cat\tsat\r\n");
        File.WriteAllText(folder.In("more"), "a cat");
        CommandOutput built = Build("--order", "2", folder.In("text"), folder.In("more"), "--output", folder.In("new", "lm.arpa.gz"));
        Assert.That((built.ExitCode, built.Error), Is.EqualTo((0, "")));
        Assert.That(built.Output, Does.EndWith("lm.arpa.gz: 3 sentences, 7 units; 7 1-grams, 7 2-grams\n"));
        Assert.That(File.ReadAllBytes(folder.In("new", "lm.arpa.gz"))[..2], Is.EqualTo(new byte[] { 0x1f, 0x8b }));
        NGramModel model = ArpaFile.Read(folder.In("new", "lm.arpa.gz"));
        Assert.That(
            model.LogProbability(model.Start, model.IndexOf("the"), out _),
            Is.GreaterThan(model.LogProbability(model.Start, model.IndexOf("a"), out _)));
    }

    [TestCase(null, new[] { "a", "b", "n̈" })]
    [TestCase("ab\na\n", new[] { "ab", "a", "n̈" })]
    public void Text_is_split_into_tokens(string? symbols, string[] tokens)
    {
        File.WriteAllText(folder.In("text"), "ab an\u0308");
        File.WriteAllText(folder.In("symbols"), symbols ?? "");
        string[] split = symbols is null ? [] : ["--symbols", folder.In("symbols")];
        CommandOutput built = Build(["--unit", "token", .. split, folder.In("text"), "--output", folder.In("lm")]);
        Assert.That((built.ExitCode, built.Error), Is.EqualTo((0, "")));
        NGramModel model = ArpaFile.Read(folder.In("lm"));
        Assert.That(tokens.Append(" ").Select(model.IndexOf), Is.All.GreaterThanOrEqualTo(0));
        Assert.That(model.Counts[0], Is.EqualTo(tokens.Length + 4));
    }

    [TestCase("token", "12 בא")]
    [TestCase("word", "12|בא")]
    public void A_text_can_be_counted_in_the_order_of_display(string unit, string sentence)
    {
        File.WriteAllText(folder.In("text"), "אב 12\nאב 12\n"); // without discount, because nothing is counted once
        CommandOutput built = Build("--unit", unit, "--order", "2", "--displayed", folder.In("text"), "--output", folder.In("lm"));
        Assert.That((built.ExitCode, built.Error), Is.EqualTo((0, "")));
        NGramModel model = ArpaFile.Read(folder.In("lm"));
        string[] units = unit == "word" ? sentence.Split('|') : [.. sentence.Select(letter => $"{letter}")];
        int state = model.Start;
        foreach (string next in units)
        {
            Assert.That(model.LogProbability(state, model.IndexOf(next), out int after), Is.GreaterThan(Math.Log(0.5)), next);
            state = after;
        }
    }

    [TestCase("a </s> b", "text:1: The text holds '</s>', which marks the start or the end of a sentence; expected other units.\n")]
    [TestCase("\n", "There is no text; expected at least one sentence.\n")]
    public void Text_without_a_model_is_refused_and_nothing_is_written(string text, string sentence)
    {
        File.WriteAllText(folder.In("text"), text);
        CommandOutput refused = Build(folder.In("text"), "--output", folder.In("lm"));
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        Assert.That(refused.Error, Does.EndWith(sentence));
        Assert.That(File.Exists(folder.In("lm")), Is.False);
    }

    [TestCase(new[] { "x", "--output", "lm", "--order", "0" }, "ctc: --order is 0; expected 1 to 10.\n")]
    [TestCase(new[] { "x", "--output", " " }, "ctc: the path of the output file is empty; expected a file to write.\n")]
    [TestCase(new[] { "configs", "--output", "lm" }, "ctc: configs: there is no run.json; expected the folder of a run.")]
    [TestCase(new[] { "nowhere.txt", "--output", "lm" }, "nowhere.txt cannot be read: ")]
    [Category("Slow")]
    public void A_bad_command_line_is_refused(string[] arguments, string sentence)
    {
        CommandOutput refused = Build(arguments);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        Assert.That(refused.Error, Does.Contain(sentence));
    }

    [Test]
    public void An_experiment_names_a_file_and_its_units()
    {
        File.WriteAllText(folder.In("text"), "12 3");
        Build("--unit", "token", folder.In("text"), "--output", folder.In("lm.arpa"));
        CommandOutput explained = Explain($"{{ arpa: {{ file: '{folder.In("lm.arpa")}', unit: token }} }}");
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
        Assert.That(explained.Output, Does.Contain("arpa"));
        Assert.That(Explain("{ arpa: { file: nowhere.arpa } }").ExitCode, Is.EqualTo(2));
    }

    private static CommandOutput Explain(string model) => CtcInProcess.Run("explain", "configs/smoke.yaml", $"objective.language-model={model}");

    private static CommandOutput Build(params string[] arguments) => CtcInProcess.Run(["lm", "build", .. arguments]);
}
