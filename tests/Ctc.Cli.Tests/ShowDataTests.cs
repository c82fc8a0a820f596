using Ctc.Tests;

namespace Ctc.Cli.Tests;

public class ShowDataTests
{
    private static readonly string[] Small =
        ["configs/quickstart.yaml", "data.train-lines=3", "data.dev-lines=1", "data.test-lines=1", "objective.weighting=[]"];

    [Test]
    public void Draws_utterances_as_text_before_and_after_the_augmentations_in_each_view()
    {
        CommandOutput shown = CtcInProcess.Run(["show", "data", .. Small, "train.views=2", "train.augment=[shift]", "--utterances", "2"]);
        Assert.That((shown.ExitCode, shown.Error), Is.EqualTo((0, "")));
        string[] lines = shown.Output.Split('\n');
        Assert.That(lines.Count(line => line.StartsWith("as loaded, ", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(lines.Count(line => line.Contains(", view 2, ", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(shown.Output, Does.Contain("█"));
    }

    [Test]
    public void Another_epoch_draws_other_numbers()
    {
        string Shown(string epoch) => CtcInProcess.Run(["show", "data", .. Small, "train.augment=[shift]", "--epoch", epoch]).Output;
        string[] shown = [.. new[] { "1", "2", "2" }.Select(Shown)];
        Assert.That(shown[1], Is.Not.EqualTo(shown[0]).And.Not.Empty);
        Assert.That(shown[2], Is.EqualTo(shown[1]));
    }

    [Test]
    public void Writes_a_picture_for_each_utterance()
    {
        using var folder = new TemporaryFolder();
        CommandOutput shown = CtcInProcess.Run(["show", "data", .. Small, "train.augment=[masks, blur]", "--output", folder.In("new", "data")]);
        Assert.That((shown.ExitCode, shown.Error), Is.EqualTo((0, "")));
        string[] files = Directory.GetFiles(folder.In("new", "data"));
        Assert.That(files, Has.Length.EqualTo(3).And.All.EndsWith(".png"));
        Assert.That(shown.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(3));
    }

    [TestCase("--utterances", "0", "--utterances is 0; expected 1 or more.")]
    [TestCase("--epoch", "-1", "--epoch is -1; expected 1 or more.")]
    [TestCase("--output", " ", "The path of the output folder is empty; expected a folder, existing or not.")]
    public void Wrong_options_are_one_sentence(string option, string value, string sentence)
    {
        CommandOutput refused = CtcInProcess.Run(["show", "data", .. Small, option, value]);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, $"ctc: {sentence}\n")));
    }
}
