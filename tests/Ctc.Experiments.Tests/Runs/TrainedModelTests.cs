using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Encoders;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>A run with plugins for its encoder and its loss, read where these plugins are elsewhere, absent or other builds.</summary>
[Category("Slow")]
public sealed class TrainedModelTests : IDisposable
{
    private static readonly PluginFile EncoderPlugin = new("/trained/here/Own.dll", "1.0.0.0", new string('a', 64));
    private static readonly PluginFile WeightingPlugin = new("/trained/here/Weights.dll", "1.0.0.0", new string('b', 64));

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<string> run;

    public TrainedModelTests() => run = new(Train);

    public void Dispose() => folder.Dispose();

    [Test]
    public void Only_the_parts_that_read_are_needed_and_paths_do_not_count()
    {
        (string text, List<string> notes) = Read(Parts(EncoderPlugin with { Path = "/another/machine/Own.dll" }));
        Assert.That((text, notes), Is.EqualTo((Hypothesis, Array.Empty<string>())));
    }

    [Test]
    public void A_missing_encoder_is_named() => Assert.That(
        () => Read(Parts(null)), Throws.TypeOf<ConfigurationException>().With.Message.Contains("encoder").And.Message.Contains("'own'"));

    [Test]
    public void Another_build_of_the_encoder_is_refused_unless_it_is_asked_for()
    {
        PartCatalog parts = Parts(EncoderPlugin with { Files = [new LoadableFile("Private.dll", new string('c', 64))] });
        string found = parts.All.Select(part => part.Origin).OfType<PluginFile>().Single().Digest;
        string difference =
            $"The plugin Own, /trained/here/Own.dll, has SHA-256 {found}; expected {EncoderPlugin.Digest}, with which the run was trained.";

        Assert.That(
            () => Read(parts),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{difference} The model may read nonsense with it; --any-build uses it all the same."));
        (string text, List<string> notes) = Read(parts, anyBuild: true);
        Assert.That((text, notes), Is.EqualTo((Hypothesis, new[] { difference })));
    }

    [Test]
    public void Another_build_of_a_part_that_does_not_read_is_a_warning()
    {
        (string text, List<string> notes) = Read(Parts(EncoderPlugin, WeightingPlugin with { Sha256 = new string('d', 64) }));
        Assert.That(text, Is.EqualTo(Hypothesis));
        Assert.That(
            notes,
            Is.EqualTo(new[]
            {
                $"The plugin Weights, /trained/here/Weights.dll, has SHA-256 {new string('d', 64)}; expected {new string('b', 64)}, with which " +
                "the run was trained. Decoding does not use it.",
            }));
    }

    [Test]
    public void The_checkpoint_of_another_run_is_refused()
    {
        string other = folder.In("other");
        using (var recorder = new Recorder()) SmallExperiment.Run(other, recorder, "train.epochs=1");
        File.Copy(Path.Combine(run.Value, "checkpoints", "best.ckpt"), Path.Combine(other, "checkpoints", "best.ckpt"), overwrite: true);

        Assert.That(
            () => TrainedModel.Load(other, SmallExperiment.Parts([]), Assert.Fail),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{Path.Combine(other, "checkpoints", "best.ckpt")} is of another run, {RunFolder.LoadRecord(run.Value).Identity[..12]}; " +
                $"expected {RunFolder.LoadRecord(other).Identity[..12]}. --fresh trains again."));
    }

    private string Hypothesis => string.Concat(RunResult.Load(run.Value).Test.Utterances[0].Hypothesis);

    private (string Text, List<string> Notes) Read(PartCatalog parts, bool anyBuild = false)
    {
        var notes = new List<string>();
        using TrainedModel model = TrainedModel.Load(run.Value, parts, notes.Add, anyBuild);
        return (model.Decode(Path.Combine(run.Value, "samples", "test-0.png")), notes);
    }

    private string Train()
    {
        using var recorder = new Recorder();
        Experiment experiment = ExperimentFile.Parse(SmallExperiment.Text, "small.yaml", Path.GetTempPath())
            .With(["model.encoder=own", "train.epochs=2", "objective.weighting=[even]", $"plugins=[\"{Path.GetTempPath()}\"]"])
            .Bind(Parts(EncoderPlugin, WeightingPlugin));
        RunResult result = new ExperimentRun(experiment, Path.GetTempPath()).Execute(folder.In("run"), false, recorder, default);

        // As on a machine where nothing is at the recorded paths.
        string record = Path.Combine(result.Folder, "run.json"), text = File.ReadAllText(record);
        File.WriteAllText(record, text.Replace(Path.GetTempPath(), "/trained/here/", StringComparison.Ordinal));
        return result.Folder;
    }

    private static PartCatalog Parts(PluginFile? encoder, PluginFile? weighting = null)
    {
        IServiceCollection services = new ServiceCollection().AddCtcExperiments();
        if (encoder is not null)
        {
            services.AddCtcParts(
                [new PartFactory<IEncoder>(new PartMetadata(typeof(Own)), encoder, options => new Own((BilstmOptions)options))]);
        }

        if (weighting is not null)
        {
            services.AddCtcParts([new PartFactory<ILossWeighting>(new PartMetadata(typeof(Even)), weighting, _ => new Even())]);
        }

        return services.BuildServiceProvider().GetRequiredService<PartCatalog>();
    }

    [Part("own", typeof(BilstmOptions), Summary = "For tests.")]
    private sealed class Own(BilstmOptions options) : IEncoder
    {
        public Encoder Build(int featureSize, long tokens) => new Bilstm(options).Build(featureSize, tokens);
    }

    [Part("even", Summary = "For tests.")]
    private sealed class Even : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
    }
}
