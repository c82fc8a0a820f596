using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Runs that start from the weights of another run.</summary>
[Category("Slow")]
public sealed class WarmStartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Start => $"train.init-from={folder.In("base")}";

    [OneTimeSetUp]
    public void Train() => Run("base", "train.epochs=2");

    [Test]
    public void A_run_starts_where_the_other_ended_and_records_it()
    {
        using Recorder cold = new(), warm = new();
        SmallExperiment.Run(folder.In("cold"), cold, "train.epochs=1");
        SmallExperiment.Run(folder.In("warm"), warm, $"train.epochs=1 {Start}");
        string line = $"Starts from {folder.In("base", "checkpoints", "best.ckpt")}: 14 weights, of 11 tokens by symbol; new: none, left out: none.";
        Assert.That(warm.Notes, Has.One.EqualTo(line));
        Assert.That(RunFolder.LoadRecord(folder.In("warm")).StartedFrom!.Describe(), Is.EqualTo(line));
        Assert.That(RunFolder.LoadRecord(folder.In("cold")).StartedFrom, Is.Null);
        Assert.That(warm.Epochs[0].DevLoss, Is.LessThan(cold.Epochs[0].DevLoss));
        using TrainedModel model = TrainedModel.Load(folder.In("warm"), SmallExperiment.Parts([]), Assert.Fail);
    }

    [Test]
    public void A_run_that_was_cut_off_goes_on_from_its_own_weights()
    {
        using Recorder whole = new(), cut = new(stopAfter: 8), rest = new();
        double loss = SmallExperiment.Run(folder.In("whole"), whole, Start).Test.Loss;
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, Start), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(SmallExperiment.Run(folder.In("cut"), rest, Start).Test.Loss, Is.EqualTo(loss));
        Assert.That((Starts(whole), Starts(cut), Starts(rest)), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void Exported_weights_are_those_of_the_run_under_their_names_and_start_another_run_as_it_does()
    {
        string file = folder.In("weights.safetensors"), again = folder.In("again.safetensors");
        using (TrainedModel model = TrainedModel.Load(folder.In("base"), SmallExperiment.Parts([]), Assert.Fail))
        {
            model.Export(file);
            model.Export(again);
        }

        Assert.That(File.ReadAllBytes(again), Is.EqualTo(File.ReadAllBytes(file)));
        SafetensorsFile weights = SafetensorsFile.Open(file);
        Assert.That(weights.Names.ToArray(), Is.SupersetOf(new[] { "convolution.weight", "lstm.weight_ih_l0_reverse" }).And.Length.EqualTo(14));
        Assert.That(weights.ShapeOf("output.weight"), Is.EqualTo(new long[] { 11, 24 }));
        Assert.That(
            (weights.Metadata["run"], weights.Metadata["blank"], weights.Metadata["symbols"]),
            Is.EqualTo((RunFolder.LoadRecord(folder.In("base")).Identity, "0", """["\u2423","0","1","2","3","4","5","6","7","8","9"]""")));
        Assert.That(weights.Metadata["experiment"], Does.Contain("\"encoder\":\"bilstm\""));

        using Recorder byRun = new(), byFile = new();
        double loss = SmallExperiment.Run(folder.In("by-run"), byRun, $"train.epochs=1 {Start}").Test.Loss;
        Assert.That(SmallExperiment.Run(folder.In("by-file"), byFile, $"train.epochs=1 train.init-from={file}").Test.Loss, Is.EqualTo(loss));
        AssertRefused<InvalidDataException>(
            $"train.init-from={file} model.layers=2", "there is no weight lstm.weight_ih_l1");
        AssertRefused<InvalidDataException>($"train.init-from={file} model.hidden=13", "has the shape [48, 8], not [52, 8]; expected weights of");
    }

    [Test]
    public void The_identity_holds_the_content_of_the_weights()
    {
        string Identity(string overrides) => RunRecord.Create(SmallExperiment.Bind(overrides), folder.Path, torch.CPU).Identity;
        string copy = folder.In("copy.ckpt");
        File.Copy(folder.In("base", "checkpoints", "best.ckpt"), copy, overwrite: true);
        Run("other", "train.epochs=1 seed=2");
        Assert.That(Identity($"train.init-from={copy}"), Is.EqualTo(Identity(Start)));
        Assert.That(Identity(Start), Is.Not.EqualTo(Identity("")));
        Assert.That(Identity($"train.init-from={folder.In("other")}"), Is.Not.EqualTo(Identity(Start)));
    }

    [Test]
    public void Another_model_an_unfinished_run_and_a_folder_of_something_else_are_a_sentence_each()
    {
        AssertRefused<InvalidDataException>($"{Start} model.hidden=13", "do not fit: ");
        AssertRefused<RunFolderException>(
            $"{Start} model={{\"encoder\":\"conv\"}}", $"{folder.In("base")}, in train.init-from, has the encoder bilstm; expected conv, as here.");
        AssertRefused<InvalidDataException>($"{Start} objective.topology=transducer", "expected another topology.");
        using var cut = new Recorder(stopAfter: 8);
        Assert.That(() => SmallExperiment.Run(folder.In("unfinished"), cut), Throws.InstanceOf<OperationCanceledException>());
        AssertRefused<RunFolderException>(
            $"train.init-from={folder.In("unfinished")}", "is not finished, so its best weights may change; expected a finished run.");
        Directory.CreateDirectory(folder.In("empty"));
        AssertRefused<Ctc.Configuration.Yaml.ConfigurationException>(
            $"train.init-from={folder.In("empty")}",
            $"expected a file, or a folder with checkpoints/best.ckpt, which {folder.In("empty")} does not have");
        File.WriteAllText(folder.In("text.ckpt"), "no weights");
        AssertRefused<RunFolderException>($"train.init-from={folder.In("text.ckpt")}", "expected a checkpoint of this version.");
    }

    private void AssertRefused<T>(string overrides, string sentence)
        where T : Exception
    {
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("refused"), recorder, overrides), Throws.TypeOf<T>().With.Message.Contains(sentence));
        Assert.That(Directory.Exists(folder.In("refused")), Is.False);
    }

    private static int Starts(Recorder recorder) => recorder.Notes.Count(note => note.StartsWith("Starts from ", StringComparison.Ordinal));

    private void Run(string name, string overrides)
    {
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In(name), recorder, overrides);
    }
}
