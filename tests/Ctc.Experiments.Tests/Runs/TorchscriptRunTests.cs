using Ctc.Experiments.Runs;
using Ctc.Experiments.Tests.Encoders;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Runs with a model of another program.</summary>
[Category("Slow")]
public sealed class TorchscriptRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder.In("model.pt");

    public void Dispose() => folder.Dispose();

    [OneTimeSetUp]
    public void Write() => WriteModel(scale: 1);

    [Test]
    public void A_trained_model_learns_and_goes_on_where_it_was_cut_off()
    {
        using Recorder whole = new(), cut = new(stopAfter: 8), rest = new();
        double loss = SmallExperiment.Run(folder.In("whole"), whole, Model("false")).Test.Loss;
        Assert.That(whole.Epochs[^1].TrainLoss, Is.LessThan(whole.Epochs[0].TrainLoss));
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, Model("false")), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(SmallExperiment.Run(folder.In("cut"), rest, Model("false")).Test.Loss, Is.EqualTo(loss));
        using TrainedModel model = TrainedModel.Load(folder.In("whole"), SmallExperiment.Parts([]), Assert.Fail);
        Assert.That(model.Read(model.LoadSet("test")).Count(), Is.EqualTo(8));
    }

    [Test]
    public void Below_a_layer_that_learns_a_frozen_model_keeps_its_weights()
    {
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("frozen"), recorder, Model("true"));
        Assert.That(recorder.Epochs[^1].TrainLoss, Is.LessThan(recorder.Epochs[0].TrainLoss));
        using TrainedModel model = TrainedModel.Load(folder.In("frozen"), SmallExperiment.Parts([]), Assert.Fail);
        model.Export(folder.In("frozen.safetensors"));
        using var scope = torch.NewDisposeScope();
        Tensor weight = Ctc.Experiments.Files.SafetensorsFile.Open(folder.In("frozen.safetensors")).Load("script.weight");
        Assert.That(weight.data<float>().ToArray(), Is.EqualTo(Weights(1)));
    }

    [Test]
    public void The_identity_holds_the_content_of_the_file()
    {
        string Identity() => RunRecord.Create(SmallExperiment.Bind(Model("true")), folder.Path, torch.CPU).Identity;
        string before = Identity();
        try
        {
            WriteModel(scale: 2);
            Assert.That(Identity(), Is.Not.EqualTo(before));
        }
        finally
        {
            WriteModel(scale: 1);
        }

        Assert.That(Identity(), Is.EqualTo(before));
    }

    private static int Features => SmallExperiment.Bind().Data.Create<IDataSource>().Load().FeatureSize;

    private string Model(string frozen) =>
        $"model={{\"encoder\":\"torchscript\",\"file\":\"{File}\",\"output\":\"features\",\"frozen\":{frozen}}}";

    private void WriteModel(float scale)
    {
        System.IO.File.Delete(File);
        ScriptArchive.Write(
            File,
            "def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n  return torch.relu(torch.matmul(x, torch.t(self.weight)))",
            ("weight", [16, Features], Weights(scale)));
    }

    private static float[] Weights(float scale) =>
        [.. Enumerable.Range(0, 16 * Features).Select(i => scale * MathF.Sin(i * i))];
}
