using System.Text.Json.Nodes;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

public class RunFolderTests
{
    private static readonly string One = new('1', 64), Two = new('2', 64);

    [Test]
    public void A_folder_of_another_run_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(folder.In("run"), Record(One)).Dispose();
        Assert.That(
            () => RunFolder.Open(folder.In("run"), Record(Two), fresh: true),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{folder.In("run")} holds another run, 111111111111; expected 222222222222, or an empty folder."));
        Assert.That(RunFolder.LoadRecord(folder.In("run")).Identity, Is.EqualTo(One));
    }

    [Test]
    public void A_folder_with_other_files_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("thesis.tex"), "chapter one");
        Assert.That(
            () => RunFolder.Open(folder.Path, Record(One), fresh: true),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo($"{folder.Path} holds other files; expected an empty folder, or a run's."));
        Assert.That(File.ReadAllText(folder.In("thesis.tex")), Is.EqualTo("chapter one"));
    }

    [Test]
    public void A_file_is_no_folder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("run"), "");
        Assert.That(
            () => RunFolder.Open(folder.In("run"), Record(One)),
            Throws.TypeOf<RunFolderException>().With.Message.EndsWith("is a file; expected a folder, or nothing."));
    }

    [Test]
    public void Only_one_process_at_a_time_holds_a_folder()
    {
        using var folder = new TemporaryFolder();
        using (RunFolder.Open(folder.Path, Record(One)))
        {
            Assert.That(
                () => RunFolder.Open(folder.Path, Record(One)),
                Throws.TypeOf<RunFolderException>().With.Message.EqualTo($"{folder.Path} is held by another process; expected it to have ended."));
        }

        Assert.That(() => RunFolder.Open(folder.Path, Record(One)).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_start_that_was_cut_off_before_its_record_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lock"), "");
        File.WriteAllText(folder.In("run.json.new"), "{");
        Assert.That(() => RunFolder.Open(folder.Path, Record(One)).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_fresh_start_needs_no_run_before_it()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(folder.In("run"), Record(One), fresh: true).Dispose();
        Assert.That(RunFolder.LoadRecord(folder.In("run")).Identity, Is.EqualTo(One));
    }

    [TestCase("{", "expected the record of a run.")]
    [TestCase("[]", "expected the record of a run.")]
    [TestCase("null", "expected the record of a run.")]
    [TestCase("{}", "expected the record of a run.")]
    public void A_damaged_record_is_a_sentence(string text, string end)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("run.json"), text);
        Assert.That(
            () => RunFolder.LoadRecord(folder.Path),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith(folder.In("run.json")).And.Message.EndsWith(end));
    }

    [TestCase("null")]
    [TestCase("{")]
    [TestCase("{}")]
    public void A_damaged_result_is_a_sentence(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("evaluation.json"), text);
        Assert.That(() => RunResult.Load(folder.Path), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("expected the result of a run."));
    }

    private static RunRecord Record(string identity) =>
        new(identity, [], [], new Dictionary<string, string>(), "cpu", 1, null) { Experiment = new JsonObject { ["name"] = "x" } };
}
