using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Tests.Schema;
using Ctc.Tests;

namespace Ctc.Configuration.Tests.Yaml;

public class OverrideTests
{
    private const string Base = ExperimentText.Least + """
        objective:
          targets: [{ label-smoothing: { epsilon: 0.05 } }]
          weighting: [focal, length, { focal: { alpha: 0.5 } }]
        """;

    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void A_key_is_replaced_or_added()
    {
        Experiment experiment = file.Bind(Base, "name=y", "train.epochs=3", "train.learning-rate=1e-2", "train.epochs=4");

        Assert.That((experiment.Name, experiment.Train.Epochs, experiment.Train.LearningRate), Is.EqualTo(("y", 4, 0.01)));
    }

    [Test]
    public void A_part_in_a_list_is_addressed_by_its_name() => Assert.That(
        file.Bind(Base, "objective.targets.label-smoothing.epsilon=0.2").Objective.Chosen.At<ITargetTransform>().Single().Options,
        Is.EqualTo(new SmoothingOptions { Epsilon = 0.2 }));

    [Test]
    public void A_part_that_occurs_twice_is_addressed_by_its_number_and_a_bare_name_gets_options()
    {
        Experiment experiment = file.Bind(Base, "objective.weighting.focal#1.gamma=1", "objective.weighting.focal#2.gamma=2");

        Assert.That(
            experiment.Objective.Chosen.At<ILossWeighting>().Select(part => part.Options),
            Is.EqualTo(new object[] { new FocalOptions { Gamma = 1 }, new NoOptions(), new FocalOptions { Alpha = 0.5, Gamma = 2 } }));
    }

    [Test]
    public void A_list_is_replaced_whole()
    {
        ObjectiveConfiguration objective = file.Bind(Base, "objective.targets=[]", "objective.weighting=[{ focal: { gamma: 3 } }]").Objective;

        Assert.That(objective.Chosen.At<ITargetTransform>(), Is.Empty);
        Assert.That(objective.Chosen.At<ILossWeighting>().Single().Options, Is.EqualTo(new FocalOptions { Gamma = 3 }));
    }

    [Test]
    public void A_mapping_merges()
    {
        Experiment experiment = file.Bind(Base, "model={ layers: 3 }", "objective={ targets: [], reduction: sum }", "sweep={ seeds: [1] }");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(experiment.Model.Options, Is.EqualTo(new BilstmOptions { Layers = 3 }));
            Assert.That(experiment.Objective.Chosen.At<ITargetTransform>(), Is.Empty);
            Assert.That(experiment.Objective.Chosen.At<ILossWeighting>(), Has.Count.EqualTo(3));
        }
    }

    [Test]
    public void Another_part_takes_none_of_the_options_of_the_one_before()
    {
        string text = Base.Replace("bilstm", "bilstm, hidden: 7", StringComparison.Ordinal);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Bind(text, "model.encoder=conv").Model.Options, Is.TypeOf<ConvOptions>());
            Assert.That(file.Bind(text, "model={ encoder: conv, channels: [3] }").Model.Options, Is.TypeOf<ConvOptions>());
            Assert.That(file.Bind(text, "model.encoder=bilstm").Model.Options, Is.EqualTo(new BilstmOptions { Hidden = 7 }));
        }
    }

    [Test]
    public void A_topology_is_chosen_by_name_or_by_its_options()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Topology("objective.topology=star"), Is.EqualTo(new StarOptions()));
            Assert.That(
                Topology("objective.topology.star.penalty=1", "objective.topology.star.learned=true"),
                Is.EqualTo(new StarOptions { Penalty = 1, Learned = true }));
            Assert.That(Topology("objective.topology={ star: { penalty: 1 } }", "objective.topology={ ctc: }"), Is.EqualTo(new NoOptions()));
        }

        object Topology(params string[] overrides) => file.Bind(Base, overrides).Objective.Chosen.At<ITopology>().Single().Options;
    }

    [Test]
    public void Null_takes_options_back() => Assert.That(
        file.Bind(Base, "objective.targets.label-smoothing=").Objective.Chosen.At<ITargetTransform>().Single().Options,
        Is.EqualTo(new SmoothingOptions()));

    [Test]
    public void A_value_may_hold_an_equals_sign()
    {
        Experiment experiment = file.Bind(Base, "objective.auxiliary=[{ everything: { text: a=b } }]");

        Assert.That(((EverythingOptions)experiment.Objective.Chosen.At<IAuxiliaryTerm>().Single().Options).Text, Is.EqualTo("a=b"));
    }

    [Test]
    public void A_path_is_relative_to_the_file()
    {
        Experiment experiment = file.Bind(Base, "data={ source: lines, train: lines.csv }");

        Assert.That(((LinesOptions)experiment.Data.Options).Train, Is.EqualTo(Path.Combine(file.Folder, "lines.csv")));
    }

    [Test]
    [NonParallelizable] // The current folder is global.
    public void A_path_that_exists_in_the_current_folder_too_is_refused()
    {
        using var here = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = here.Path;
            string folder = Environment.CurrentDirectory; // as the system has it, links resolved
            File.WriteAllText("lines.csv", "other");
            File.WriteAllText("only-here.csv", "other");
            Assert.That(
                file.Refusal(Base, "data={ source: lines, train: lines.csv }"),
                Is.EqualTo(
                    "override 'data={ source: lines, train: lines.csv }': train is lines.csv; expected an absolute path, because both ~/lines.csv " +
                    $"and {Path.Combine(folder, "lines.csv")} exist and a relative path starts at the experiment's file"));
            Assert.That(
                file.Refusal(Base, "data={ source: lines, train: only-here.csv }"),
                Does.EndWith(
                    "expected a file, but ~/only-here.csv does not exist; relative paths start at the experiment's file, and " +
                    $"{Path.Combine(folder, "only-here.csv")} exists"));
            Assert.That(
                file.Refusal(Base, "plugins=[lines.csv]"), Does.Contain("expected an absolute path, because both"), "every path of an override");
            Assert.That(
                ((LinesOptions)file.Bind("name: x\nmodel: { encoder: bilstm }\ndata: { source: lines, train: lines.csv }").Data.Options).Train,
                Is.EqualTo(Path.Combine(file.Folder, "lines.csv")),
                "the file's own paths are not concerned");
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestCase("train.epochs=x", "epochs is x; expected a whole number")]
    [TestCase("train.epochs=", "epochs is empty; expected a whole number")]
    [TestCase("train.epochs.more=1", "epochs is a mapping; expected a whole number")]
    [TestCase("train.epoch=1", "unknown key 'epoch' in train; did you mean 'epochs'?")]
    [TestCase("trai.epochs=1", "unknown key 'trai' in the experiment; did you mean 'train'?")]
    [TestCase("train=[1", "while parsing a flow sequence, did not find expected ',' or ']'; expected well-formed YAML")]
    [TestCase("train={ epochs: 1, epochs: 2 }", "the key 'epochs' occurs twice; expected it once")]
    [TestCase("train.epochs", "there is no '='; expected key=value")]
    [TestCase("=3", "the key is ''; expected names joined by dots")]
    [TestCase("train..epochs=3", "the key is 'train..epochs'; expected names joined by dots")]
    [TestCase("sweep=3", "sweep is 3; expected a mapping")]
    [TestCase("plugins=[no.dll]", "plugins is no.dll; expected a file or a folder, but ~/no.dll does not exist")]
    [TestCase("objective.targets.label-smoothing.epsilon=2", "epsilon is 2; expected 0 to 1")]
    [TestCase("objective.targets.label-smothing.epsilon=0", "objective.targets has no part 'label-smothing'; did you mean 'label-smoothing'?")]
    [TestCase("objective.targets.label-smoothing#1.epsilon=0", "objective.targets has no part 'label-smoothing#1'; did you mean 'label-smoothing'?")]
    [TestCase("objective.weighting.focal.gamma=1", "objective.weighting has no part 'focal'; expected one of focal#1, focal#2")]
    [TestCase("objective.weighting.other.gamma=1", "objective.weighting has no part 'other'; expected one of focal#1, focal#2, length")]
    [TestCase("objective.auxiliary.entropy.scale=1", "objective.auxiliary has no part 'entropy'; there is none")]
    [TestCase("objective.topology=tree", "no topology 'tree' was found; expected one of ctc, star")]
    [TestCase("model.encoder=bistm", "no encoder 'bistm' was found; did you mean 'bilstm'?")]
    public void A_wrong_override_is_refused_by_name(string given, string message) =>
        Assert.That(file.Refusal(Base, given), Is.EqualTo($"override '{given}': {message}"));
}
