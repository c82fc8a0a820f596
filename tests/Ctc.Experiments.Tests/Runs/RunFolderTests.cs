using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
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

    [Test]
    public void A_fresh_start_deletes_what_a_run_wrote_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(folder.In("run"), Record(One)).Dispose();
        string[] own =
        [
            "evaluation.json", "metrics.jsonl", "log.txt", "training.png", "alignment.png", "failure.json", "run.json.new", "samples/line 1.png",
            "checkpoints/best.ckpt", "checkpoints/last.ckpt.new", "tensorboard/events.out.tfevents.ctc",
        ];
        foreach (string file in own) Write(file);
        File.WriteAllText(folder.In("run", "samples.json"), """["line 1.png", "../../thesis.tex", null]""");
        File.WriteAllText(folder.In("thesis.tex"), "chapter one");
        string[] foreign = ["checkpoints/mine.ckpt", "notes.txt", "samples/drawn by hand.png"];
        foreach (string file in foreign) Write(file);

        Assert.That(
            () => RunFolder.Open(folder.In("run"), Record(One), fresh: true),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{folder.In("run")} holds files that the run did not write: {string.Join(", ", foreign)}; expected none, because --fresh " +
                "clears the folder. Nothing was deleted."));
        Assert.That(own.Concat(foreign).Select(file => folder.In("run", file)), Has.All.Exist);

        foreach (string file in foreign) File.Delete(folder.In("run", file));
        RunFolder.Open(folder.In("run"), Record(One), fresh: true).Dispose();
        Assert.That(
            Directory.EnumerateFileSystemEntries(folder.In("run"), "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "run.json", "lock", "checkpoints" }));
        Assert.That(File.ReadAllText(folder.In("thesis.tex")), Is.EqualTo("chapter one"));

        void Write(string file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.In("run", file))!);
            File.WriteAllText(folder.In("run", file), file);
        }
    }

    [Test]
    public void The_result_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        var test = new Measurement(0, 1, 0.5, [], new Dictionary<string, TokenRecall>(), []) { Identity = Two };
        File.WriteAllText(folder.In("evaluation.json"), JsonSerializer.Serialize(test, RunJson.Page));
        Assert.That(RunResult.Load(folder.Path, Two).Test.Loss, Is.EqualTo(0.5));
        Assert.That(
            () => RunResult.Load(folder.Path, One),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{folder.In("evaluation.json")} is of another run, 222222222222; expected 111111111111. Without that file the run is measured again."));
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

    [TestCase("abc")]
    [TestCase("")]
    [TestCase("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [TestCase("g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_identity_that_is_no_digest_is_a_sentence(string identity)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("run.json"), JsonSerializer.Serialize(Record(identity), RunJson.Page));
        Assert.That(
            () => RunFolder.FindResult(folder.Path, Record(One)),
            Throws.TypeOf<RunFolderException>()
                .With.Message.StartsWith($"{folder.In("run.json")}: the identity is '{identity[..Math.Min(60, identity.Length)]}")
                .And.Message.EndsWith("'; expected 64 hexadecimal digits."));
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
