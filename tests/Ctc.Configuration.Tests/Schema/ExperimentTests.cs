using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;

namespace Ctc.Configuration.Tests.Schema;

public class ExperimentTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void Three_keys_are_enough_and_the_rest_is_plain_ctc()
    {
        Experiment experiment = file.Bind(ExperimentText.Least);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(experiment.Name, Is.EqualTo("x"));
            Assert.That(experiment.Seed, Is.EqualTo(1));
            Assert.That(experiment.Device, Is.EqualTo(DeviceChoice.Auto));
            Assert.That(experiment.Data.Options, Is.EqualTo(new SyntheticOptions()));
            Assert.That(experiment.Model.Options, Is.EqualTo(new BilstmOptions()));
            Assert.That(experiment.Objective.Chosen.At<ITopology>().Single().Factory.Metadata.Name, Is.EqualTo("ctc"));
            Assert.That(experiment.Objective.Parts.Select(part => part.Factory.Metadata.Name), Is.EqualTo(new[] { "ctc", "best-path" }));
            Assert.That(experiment.Objective.Reduction, Is.EqualTo(Reduction.MeanUtterance));
            Assert.That(experiment.Train with { Chosen = PartChoices.None }, Is.EqualTo(new TrainingConfiguration()));
            Assert.That(experiment.Train.Optimizer.Factory.Metadata.Name, Is.EqualTo("adamw"));
        }
    }

    [Test]
    public void Every_key_reaches_its_property()
    {
        Experiment experiment = file.Bind("""
            name: focal+smooth_2.0
            seed: -3
            device: cuda
            data: { source: lines, train: lines.csv }
            model:
              encoder: conv
              channels: [4, 5]
            objective:
              topology: { star: { penalty: -.5, learned: true } }
              targets:
                - label-smoothing:
                    epsilon: 1e-2
              weighting: [length, { focal: }, { focal: { gamma: 2 } }]
              reduction: mean-token
              infeasible: drop
            train:
              optimizer: { rmsprop: { weight-decay: 1, momentum: .9 } }
              epochs: 3
              batch-size: 4
              accumulate: 3
              learning-rate: 0.1
              clip-norm: 0
              threads: 2
            sweep: { anything: [goes] }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((experiment.Name, experiment.Seed, experiment.Device), Is.EqualTo(("focal+smooth_2.0", -3L, DeviceChoice.Cuda)));
            Assert.That(((LinesOptions)experiment.Data.Options).Train, Is.EqualTo(Path.Combine(file.Folder, "lines.csv")));
            Assert.That(((ConvOptions)experiment.Model.Options).Channels, Is.EqualTo(new[] { 4, 5 }));
            Assert.That(experiment.Objective.Chosen.At<ITopology>().Single().Options, Is.EqualTo(new StarOptions { Penalty = -0.5, Learned = true }));
            Assert.That(experiment.Objective.Chosen.At<ITargetTransform>().Single().Options, Is.EqualTo(new SmoothingOptions { Epsilon = 0.01 }));
            Assert.That(
                experiment.Objective.Chosen.At<ILossWeighting>().Select(part => part.Options),
                Is.EqualTo(new object[] { new NoOptions(), new FocalOptions(), new FocalOptions { Gamma = 2 } }));
            Assert.That((experiment.Objective.Reduction, experiment.Objective.Infeasible), Is.EqualTo((Reduction.MeanToken, InfeasiblePolicy.Drop)));
            Assert.That(experiment.Train.Optimizer.Options, Is.EqualTo(new MomentumOptions { WeightDecay = 1, Momentum = 0.9 }));
            Assert.That(experiment.Train with { Chosen = PartChoices.None }, Is.EqualTo(new TrainingConfiguration
            {
                Epochs = 3,
                BatchSize = 4,
                Accumulate = 3,
                LearningRate = 0.1,
                ClipNorm = 0,
                Threads = 2,
            }));
        }
    }

    [Test]
    public void A_part_knows_where_its_name_was_written()
    {
        Experiment experiment = file.Bind(ExperimentText.Least + "objective:\n  weighting: [length]\n");

        Assert.That(experiment.Data.Location, Is.EqualTo(new YamlLocation("x.yaml", 2, 17)));
        Assert.That(experiment.Objective.Chosen.At<ILossWeighting>()[0].Location, Is.EqualTo(new YamlLocation("x.yaml", 5, 15)));
    }

    [Test]
    public void An_alias_stands_for_what_its_anchor_marked()
    {
        Experiment experiment = file.Bind(ExperimentText.Least + "objective:\n  weighting: [{ focal: &half { alpha: 0.5 } }, { focal: *half }]\n");

        Assert.That(
            experiment.Objective.Chosen.At<ILossWeighting>().Select(part => ((FocalOptions)part.Options).Alpha), Is.EqualTo(new[] { 0.5, 0.5 }));
    }

    [Test]
    public void Plugins_are_known_before_any_part_is_looked_up()
    {
        string plugin = file.Write("plugins/Some/Some.dll", "");
        const string text = "plugins: [plugins/Some/Some.dll, plugins]\nmodel: { encoder: of-that-plugin }";
        ExperimentFile read = ExperimentFile.Parse(text, "x.yaml", file.Folder);

        Assert.That(read.Plugins, Is.EqualTo(new[] { plugin, Path.Combine(file.Folder, "plugins") }));
    }

    [Test]
    public void An_objective_may_stand_alone_and_stay_unreduced()
    {
        ObjectiveConfiguration objective = ObjectiveConfiguration.Parse(
            """{"weighting":["focal"],"reduction":"none"}""", "stdin", file.Folder, FakeParts.Catalog);

        Assert.That(objective.Chosen.At<ILossWeighting>().Single().Options, Is.EqualTo(new FocalOptions()));
        Assert.That(objective.Reduction, Is.EqualTo(Reduction.None));
    }
}
