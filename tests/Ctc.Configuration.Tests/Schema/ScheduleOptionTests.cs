using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Hosting;

namespace Ctc.Configuration.Tests.Schema;

public class ScheduleOptionTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("0.2", 0.2)]
    [TestCase("{ linear: { from: 0, to: 0.1, until: 5 epochs } }", 0.05)]
    [TestCase("{ linear: { from: 0, to: 0.1, until: 5 } }", 0.05)]
    [TestCase("{ linear: { from: 0, to: 0.1, until: 1 epoch } }", 0.1)]
    [TestCase("{ linear: { from: 0, to: 1, until: \"300 steps\" } }", 0.25)]
    [TestCase("{ exponential: { from: 0.4, to: 0, half-life: 2.5 epochs } }", 0.2)]
    [TestCase("{ steps: { values: [0, 0.3, 1], starts: [75 steps, 76 steps] } }", 0.3)]
    [TestCase("{ steps: { values: [0.6], starts: [] } }", 0.6)]
    public void A_number_may_be_a_schedule(string written, double after75StepsIn2AndAHalfEpochs) =>
        Assert.That(Epsilon(file.Bind(Text(written))).At(new Progress(75, 2.5, true)), Is.EqualTo(after75StepsIn2AndAHalfEpochs).Within(1e-15));

    [TestCase("[1]", "5:43: epsilon is a list; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("liner", "5:43: epsilon is liner; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("~", "5:43: epsilon is empty; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("{}", "5:43: epsilon is a mapping; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("{ liner: {} }", "5:45: no schedule 'liner' was found; did you mean 'linear'?")]
    [TestCase("{ exponential: }", "5:45: missing key 'half-life' in exponential; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: { until: 5, begin: 2 } }", "5:65: unknown key 'begin' in linear; expected one of from, to, until")]
    [TestCase("{ linear: 1 }", "5:53: linear is 1; expected a mapping")]
    [TestCase("{ linear: {}, steps: {} }",
        "5:43: a part in epsilon has the keys linear, steps side by side; expected a name, with its options indented below it")]
    [TestCase("{ linear: { from: 0, to: 1.5, until: 5 } }", "5:68: to is 1.5; expected 0 to 1")]
    [TestCase("{ exponential: { from: -1, to: 0, half-life: 5 } }", "5:66: from is -1; expected 0 to 1")]
    [TestCase("{ steps: { values: [0, 2], starts: [5] } }", "5:66: values is 2; expected 0 to 1")]
    [TestCase("{ steps: { values: [0, 1], starts: [] } }", "5:78: steps has 2 values and 0 starts; expected a start for each value but the first")]
    [TestCase("{ steps: { values: [0, 1, 0], starts: [5, 4 epochs] } }",
        "5:81: starts has 4 epochs after 5 epochs; expected times of one unit, each later than the one before")]
    [TestCase("{ linear: { from: 0, to: 1, until: 0 } }", "5:78: until is 0; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: { from: 0, to: 1, until: 1.5 steps } }", "5:78: until is 1.5 steps; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: { from: 0, to: 1, until: -2 epochs } }", "5:78: until is -2 epochs; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: { from: 0, to: 1, until: 5 minutes } }", "5:78: until is 5 minutes; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: { from: 0, to: 1, until: \"5\" } }", "5:78: until is \"5\"; expected a time above 0, such as 5 epochs or 300 steps")]
    public void What_is_no_schedule_is_refused_where_it_stands(string written, string message) =>
        Assert.That(file.Refusal(Text(written)), Is.EqualTo($"x.yaml:{message}"));

    [Test]
    public void A_value_that_is_not_written_is_within_the_range_too() => Assert.That(
        file.Refusal(ExperimentText.Least + "objective:\n  auxiliary: [{ timed: { share: { linear: { to: 0.5 } } } }]\n"),
        Is.EqualTo("x.yaml:5:33: from is by default 1; expected 0 to 0.5"));

    [TestCase("0.20", "0.2")]
    [TestCase("{ linear: { until: 5, to: 1.0, from: 0 } }", """{"linear":{"from":0,"to":1,"until":"5 epochs"}}""")]
    [TestCase("{ cosine: { to: 0.5 } }", """{"cosine":{"from":1,"to":0.5,"until":null}}""")]
    [TestCase("plateau", """{"plateau":{"factor":0.5,"from":1,"patience":2,"to":0}}""")]
    [TestCase("{ exponential: { from: 1, to: 0, half-life: 1 step } }", """{"exponential":{"from":1,"half-life":"1 step","to":0}}""")]
    [TestCase("{ steps: { values: [0, 1], starts: [0.5] } }", """{"steps":{"starts":["0.5 epochs"],"values":[0,1]}}""")]
    public void It_has_one_form_that_binds_to_the_same_schedule(string written, string form)
    {
        Experiment first = file.Bind(Text(written));
        Assert.That(first.ToJson()["objective"]!["targets"]![0]!["label-smoothing"]!["epsilon"]!.ToJsonString(), Is.EqualTo(form));
        Assert.That(file.Bind(first.ToYaml()).ToYaml(), Is.EqualTo(first.ToYaml()));
    }

    [Test]
    public void An_override_changes_a_schedule_or_chooses_another()
    {
        string text = Text("{ linear: { from: 0, to: 0.5, until: 5 } }");
        const string epsilon = "objective.targets.label-smoothing.epsilon";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Epsilon(file.Bind(text, $"{epsilon}.linear.to=1")),
                Is.EqualTo(new LinearSchedule { From = 0, To = 1, Until = new(5, TrainingUnit.Epochs) }));
            Assert.That(
                Epsilon(file.Bind(text, $"{epsilon}={{ exponential: {{ from: 1, to: 0, half-life: 1 }} }}")), Is.TypeOf<ExponentialSchedule>());
            Assert.That(Epsilon(file.Bind(text, $"{epsilon}=0.25")), Is.EqualTo((Schedule)0.25));
            Assert.That(Epsilon(file.Bind(Text("0.25"), $"{epsilon}.steps={{ values: [1], starts: [] }}")), Is.TypeOf<StepSchedule>());
        }
    }

    [Test]
    public void A_schedule_of_a_plugin_is_one_in_options_and_of_the_learning_rate()
    {
        Experiment experiment = file.Bind(Text("{ rising: { from: 0.5, whole: true } }") + "train: { schedule: rising }\n");
        Schedule epsilon = Epsilon(experiment);
        Assert.That(epsilon.At(default), Is.EqualTo(0.5));
        Assert.That(
            () => epsilon.At(new Progress(2, 1, true)),
            Throws.TypeOf<PluginException>().With.Message.EqualTo("The schedule 'rising' gives epsilon the value 2.5 in step 2; expected 0 to 1"));
        Assert.That(epsilon.DependsOnLength, Is.True);
        Assert.That(experiment.Train.Schedule!.DependsOnLength, Is.False);
        Assert.That(experiment.Parts.Count(part => part.Factory.Origin == FakeParts.RisingPlugin), Is.EqualTo(2), "for the identity");
        Assert.That(experiment.ToJson()["train"]!["schedule"]!.ToJsonString(), Is.EqualTo("""{"rising":{"elsewhere":1000,"from":0,"whole":false}}"""));
        Assert.That(file.Bind(experiment.ToYaml()).ToYaml(), Is.EqualTo(experiment.ToYaml()));
        Assert.That(Epsilon(file.Bind(experiment.ToYaml(), "objective.targets.label-smoothing.epsilon.linear.to=0.5")), Is.TypeOf<LinearSchedule>());
        Assert.That(
            file.Refusal(Text("{ rising: { from: 2 } }")), Is.EqualTo("x.yaml:5:61: from is 2; expected 0 to 1"));
    }

    private static Schedule Epsilon(Experiment experiment) =>
        ((SmoothingOptions)experiment.Objective.Chosen.At<ITargetTransform>().Single().Options).Epsilon;

    private static string Text(string epsilon) =>
        ExperimentText.Least + "objective:\n  targets: [{ label-smoothing: { epsilon: " + epsilon + " } }]\n";
}
