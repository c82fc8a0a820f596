using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Tests.Schema;

public class SweepFileTests
{
    private const string Base = ExperimentText.Least + """
        objective:
          targets: [{ label-smoothing: { epsilon: 0.05 } }]
          weighting: [{ focal: { gamma: 0.5 } }]

        """;

    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void Runs_stand_by_variant_then_grid_then_seed_and_the_last_axis_runs_fastest()
    {
        SweepFile sweep = Read("""
            sweep:
              baseline: plain
              seeds: [3, 1]
              variants: { focal: {}, plain: { objective: { weighting: [] } } }
              grid: { objective.weighting.focal.gamma: [1, 2], train.epochs: [5, 6] }
            """);

        Assert.That(Labels(sweep), Is.EqualTo(new[]
        {
            "focal 1 5 #3", "focal 1 5 #1", "focal 1 6 #3", "focal 1 6 #1", "focal 2 5 #3", "focal 2 5 #1", "focal 2 6 #3", "focal 2 6 #1",
            "plain 5 #3", "plain 5 #1", "plain 6 #3", "plain 6 #1",
        }));
        Assert.That(sweep.Baseline, Is.EqualTo("plain"));
        Assert.That(sweep.Notes, Is.EqualTo(new[] { "plain has no objective.weighting.focal.gamma, so the grid does not touch it there." }));
    }

    [Test]
    public void The_later_is_the_stronger_file_variant_grid_command_line_seed()
    {
        SweepFile sweep = Read(
            "seed: 5\ntrain: { epochs: 1, batch-size: 1, clip-norm: 1, threads: 1 }\nsweep: { seeds: [9], variants: { a: { train: { epochs: 2, batch-size: 2, clip-norm: 2 } } }, grid: { train.batch-size: [3] } }",
            "train.clip-norm=4");

        Experiment experiment = sweep.Points.Single().File.Bind(FakeParts.Catalog);
        Assert.That(
            (experiment.Train.Threads, experiment.Train.Epochs, experiment.Train.BatchSize, experiment.Train.ClipNorm, experiment.Seed),
            Is.EqualTo((1, 2, 3, 4, 9)));
    }

    [Test]
    public void Ablate_leaves_each_part_out_once()
    {
        SweepFile sweep = Read("sweep: { ablate: true }");
        ObjectiveConfiguration[] objectives = [.. sweep.Points.Select(point => point.File.Bind(FakeParts.Catalog).Objective)];

        Assert.That(Labels(sweep), Is.EqualTo(new[] { "full #1", "without-label-smoothing #1", "without-focal #1" }));
        Assert.That(sweep.Baseline, Is.EqualTo("full"));
        Assert.That(
            objectives.Select(objective => (objective.Chosen.At<ITargetTransform>().Count, objective.Chosen.At<ILossWeighting>().Count)),
            Is.EqualTo(new[] { (1, 1), (0, 1), (1, 0) }));
    }

    [Test]
    public void Ablate_tells_two_of_a_name_apart()
    {
        SweepFile sweep = SweepFile.Expand(
            ExperimentFile.Parse(ExperimentText.Least + "objective: { weighting: [focal, focal] }\nsweep: { ablate: true }", "x.yaml", file.Folder),
            []);

        Assert.That(Labels(sweep), Is.EqualTo(new[] { "full #1", "without-focal-1 #1", "without-focal-2 #1" }));
    }

    [Test]
    public void Exclusions_take_runs_out_by_variant_seed_and_grid_value()
    {
        SweepFile sweep = Read("""
            sweep:
              baseline: a
              seeds: [1, 2]
              variants: { a: , b: {} }
              grid: { train.epochs: [5, 6] }
              exclude: [{ variant: b, seed: 2 }, { train.epochs: 6, seed: 1 }]
            """);

        Assert.That(Labels(sweep), Is.EqualTo(new[] { "a 5 #1", "a 5 #2", "a 6 #2", "b 5 #1" }));
    }

    [Test]
    public void A_grid_alone_varies_the_experiment_itself_under_its_own_seed()
    {
        SweepFile sweep = Read("seed: 7\nsweep: { grid: { train.epochs: [5, 6] } }");

        Assert.That((sweep.Baseline, Labels(sweep)), Is.EqualTo(("x", new[] { "x 5 #7", "x 6 #7" })).AsCollection);
    }

    [Test]
    public void Without_seeds_the_seed_of_the_command_line_is_that_of_the_runs() =>
        Assert.That(Labels(Read("seed: 7\nsweep: { grid: { train.epochs: [5] } }", "seed=8")), Is.EqualTo(new[] { "x 5 #8" }));

    [Test]
    public void A_section_on_the_command_line_changes_the_sweep_too() =>
        Assert.That(Labels(Read("sweep: { variants: { a: {} } }", "sweep={ seeds: [4] }")), Is.EqualTo(new[] { "a #4" }));

    [Test]
    public void A_key_with_dots_is_addressed_in_quotes()
    {
        SweepFile sweep = Read(
            "sweep: { baseline: v1.0, variants: { v1.0: {}, v1.1: {} }, grid: { train.batch-size: [1, 2] } }",
            "sweep.variants.\"v1.1\".train.epochs=2", "sweep.grid.'train.batch-size'=[3]");

        Assert.That(Labels(sweep), Is.EqualTo(new[] { "v1.0 3 #1", "v1.1 3 #1" }));
        Assert.That(sweep.Points[1].File.Bind(FakeParts.Catalog).Train.Epochs, Is.EqualTo(2));
    }

    [TestCase("sweep.variants.v1.1.train.epochs=2",
        "override 'sweep.variants.v1.1.train.epochs=2': 'v1.1' is one key with dots; expected it in quotes, sweep.variants.\"v1.1\".train.epochs")]
    [TestCase("sweep.grid.train.epochs=[5]",
        "override 'sweep.grid.train.epochs=[5]': 'train.epochs' is one key with dots; expected it in quotes, sweep.grid.\"train.epochs\"")]
    [TestCase("sweep.grid.train.threads=[1]",
        "override 'sweep.grid.train.threads=[1]': train is a mapping; expected a list of values under one key, such as \"train.learning-rate\": [0.001, 0.01]; on the command line too it is in quotes")]
    [TestCase("train.epochs=7",
        "override 'train.epochs=7': the grid sets train.epochs; expected its values in one place, such as sweep.grid.\"train.epochs\"=[...]")]
    [TestCase("train={ epochs: 7 }",
        "override 'train={ epochs: 7 }': the grid sets train.epochs; expected its values in one place, such as sweep.grid.\"train.epochs\"=[...]")]
    [TestCase("objective.weighting=[]",
        "override 'objective.weighting=[]': the grid sets objective.weighting.focal.gamma; expected its values in one place, such as sweep.grid.\"objective.weighting.focal.gamma\"=[...]")]
    [TestCase("seed=7", "override 'seed=7': the key is seed, and the file has sweep.seeds; expected the seeds of the runs, such as sweep.seeds=[7]")]
    public void An_override_that_would_make_the_table_untrue_is_refused(string text, string message)
    {
        const string sweep = "sweep: { baseline: v1.0, seeds: [1, 2], variants: { v1.0: {}, v1.1: {} }, grid: { train.epochs: [5, 6], objective.weighting.focal.gamma: [1] } }";
        Assert.That(Assert.Throws<ConfigurationException>(() => Read(sweep, text))!.Message, Is.EqualTo(message));
    }

    [Test]
    public void An_override_of_the_grids_only_value_changes_nothing() =>
        Assert.That(Labels(Read("sweep: { grid: { train.epochs: [5] } }", "train.epochs=5")), Is.EqualTo(new[] { "x 5 #1" }));

    [Test]
    public void Exclusions_tell_texts_apart_that_are_one_number()
    {
        const string grid = "sweep: {{ grid: {{ model.encoder: [01, 1], train.learning-rate: [1e-3, 1e-2] }}, exclude: [{{ {0} }}] }}";
        Assert.That(Points("model.encoder: 01"), Is.EqualTo(new[] { ("1", "1e-3"), ("1", "1e-2") }));
        Assert.That(Points("train.learning-rate: 0.001"), Is.EqualTo(new[] { ("01", "1e-2"), ("1", "1e-2") }));

        (string, string)[] Points(string rule) =>
        [
            .. Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, grid, rule)).Points.Select(point =>
                (((YamlScalar)point.Written["model.encoder"]).Text, ((YamlScalar)point.Written["train.learning-rate"]).Text)),
        ];
    }

    [Test]
    public void The_command_line_can_change_the_sweep() =>
        Assert.That(Labels(Read("sweep: { seeds: [1, 2], variants: { a: {} } }", "sweep.seeds=[4]")), Is.EqualTo(new[] { "a #4" }));

    [TestCase("", "x.yaml:1:1: there is no section 'sweep'; expected one with variants, a grid, or ablate: true")]
    [TestCase("sweep: {}", "x.yaml:7:8: the sweep compares nothing; expected variants, a grid, or ablate: true")]
    [TestCase("sweep: { variant: {} }", "x.yaml:7:10: unknown key 'variant' in sweep; did you mean 'variants'?")]
    [TestCase("sweep: { variants: { A: {} } }", "x.yaml:7:22: a variant is called 'A'; expected lower-case letters, digits and + . _ -")]
    [TestCase("sweep: { variants: { a: 3 } }", "x.yaml:7:25: a is 3; expected a mapping to lay over the experiment")]
    [TestCase("sweep: { variants: { a: {}, b: {} } }", "x.yaml:7:8: missing key 'baseline' in sweep; expected one of a, b")]
    [TestCase("sweep: { baseline: plan, variants: { plain: {}, b: {} } }",
        "x.yaml:7:20: baseline is 'plan', which is no variant; did you mean 'plain'?")]
    [TestCase("sweep: { seeds: 5, variants: { a: {} } }", "x.yaml:7:17: seeds is 5; expected a list of at least one whole number")]
    [TestCase("sweep: { seeds: [], variants: { a: {} } }", "x.yaml:7:17: seeds is an empty list; expected a list of at least one whole number")]
    [TestCase("sweep: { seeds: [1, 1], variants: { a: {} } }", "x.yaml:7:21: seeds is 1; expected each seed once")]
    [TestCase("sweep: { seeds: [x], variants: { a: {} } }", "x.yaml:7:18: seeds is x; expected a whole number")]
    [TestCase("sweep: { grid: { train.epochs: 5 } }", "x.yaml:7:32: train.epochs is 5; expected a list of at least one value")]
    [TestCase("sweep: { grid: { train.epochs: [] } }", "x.yaml:7:32: train.epochs is an empty list; expected a list of at least one value")]
    [TestCase("sweep: { grid: { train..epochs: [5] } }", "x.yaml:7:34: the key is 'train..epochs'; expected names joined by dots")]
    [TestCase("sweep: { grid: { objective.weighting.length.power: [1] } }",
        "x.yaml:7:18: no variant has objective.weighting.length.power; expected a grid path that at least one has")]
    [TestCase("sweep: { variants: { a: {} }, exclude: [{ variant: b }] }",
        "x.yaml:7:41: this excludes no run; expected a variant, a seed or grid values that some run has")]
    [TestCase("sweep: { variants: { a: {} }, exclude: [{ variant: a }] }", "x.yaml:7:40: no run of the baseline a is left; expected at least one")]
    [TestCase("sweep: { variants: { a: {} }, exclude: [a] }", "x.yaml:7:41: exclude is a; expected mappings such as { variant: focal, seed: 3 }")]
    [TestCase("sweep: { variants: { a: {} }, exclude: [{}] }",
        "x.yaml:7:41: exclude is an empty mapping, which every run matches; expected mappings such as { variant: focal, seed: 3 }")]
    [TestCase("sweep: { ablate: true, variants: { full: {} } }", "x.yaml:7:18: ablate is true; expected no variant called full, which ablate makes")]
    [TestCase("sweep: { variants: { a: { seed: 2 } } }", "x.yaml:7:27: the variant a sets seed; expected the seeds of the runs in sweep.seeds")]
    [TestCase("sweep: { variants: { a: { plugins: [b] } } }",
        "x.yaml:7:27: the variant a sets plugins; expected it at the top of the file, where it holds for all runs")]
    [TestCase("sweep: { variants: { a: { sweep: {} } } }", "x.yaml:7:27: the variant a sets sweep; expected the section once, at the top of the file")]
    [TestCase("sweep: { grid: { seed: [1, 2] } }", "x.yaml:7:18: the grid sets seed; expected the seeds of the runs in sweep.seeds")]
    [TestCase("sweep: { grid: { train: [{ epochs: 5 }], train.epochs: [6] } }",
        "x.yaml:7:26: another path of the grid changes train too; expected paths of which none is within another")]
    [TestCase("sweep: { ablate: maybe }", "x.yaml:7:18: ablate is maybe; expected true or false")]
    public void A_sweep_that_is_not_one_is_refused(string sweep, string message) =>
        Assert.That(Assert.Throws<ConfigurationException>(() => Read(sweep))!.Message, Is.EqualTo(message));

    // 10^8 points are counted, not made.
    [TestCase("grid: { a: &a [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], b: *a, c: *a, d: *a, e: *a, f: *a, g: *a, h: *a }",
        "x.yaml:7:77: up to here the sweep has 100000 runs")]
    [TestCase("variants: { a: {}, b: {} }, baseline: a, grid: { c: [SEEDS] }, seeds: [1, 2]", "x.yaml:7:59: up to here the sweep has 40000 runs")]
    public void The_runs_of_a_sweep_have_a_bound(string sweep, string message)
    {
        string text = sweep.Replace("SEEDS", string.Join(", ", Enumerable.Range(0, 10_000)), StringComparison.Ordinal);
        Assert.That(
            Assert.Throws<ConfigurationException>(() => Read($"sweep: {{ {text} }}"))!.Message, Is.EqualTo(message + "; expected at most 10000"));
    }

    [Test]
    public void A_fault_in_a_variant_is_found_before_anything_runs() => Assert.That(
        Assert.Throws<ConfigurationException>(() =>
            Read("sweep: { variants: { a: { train: { epochs: 0.5 } } } }").Points.Single().File.Bind(FakeParts.Catalog))!.Message,
        Is.EqualTo("x.yaml:7:44: epochs is 0.5; expected a whole number"));

    private SweepFile Read(string sweep, params string[] overrides) =>
        SweepFile.Expand(ExperimentFile.Parse(Base + sweep, "x.yaml", file.Folder), overrides);

    private static string[] Labels(SweepFile sweep) =>
        [.. sweep.Points.Select(point => string.Join(' ',
            [point.Variant, .. point.Grid.Values.Select(value => value!.ToJsonString()), $"#{point.Seed}"]))];
}
