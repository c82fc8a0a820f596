using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;

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

    [TestCase("[1]", "5:43: epsilon is a list; expected a number, or a schedule: linear, exponential, steps")]
    [TestCase("linear", "5:43: epsilon is linear; expected a number, or a schedule: linear, exponential, steps")]
    [TestCase("~", "5:43: epsilon is empty; expected a number, or a schedule: linear, exponential, steps")]
    [TestCase("{}", "5:43: epsilon is a mapping; expected one of linear, exponential, steps")]
    [TestCase("{ liner: {} }", "5:45: unknown key 'liner' in epsilon; did you mean 'linear'?")]
    [TestCase("{ linear: }", "5:45: missing key 'from' in linear; expected a number")]
    [TestCase("{ linear: 1 }", "5:53: linear is 1; expected a mapping")]
    [TestCase("{ linear: { from: 0, to: 1 } }", "5:53: missing key 'until' in linear; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("{ linear: {}, steps: {} }", "5:43: epsilon has the keys linear, steps side by side; expected one of linear, exponential, steps, with its options indented below it")]
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

    [TestCase("0.20", "0.2")]
    [TestCase("{ linear: { until: 5, to: 1.0, from: 0 } }", """{"linear":{"from":0,"to":1,"until":"5 epochs"}}""")]
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

    private static Schedule Epsilon(Experiment experiment) =>
        ((SmoothingOptions)experiment.Objective.Chosen.At<ITargetTransform>().Single().Options).Epsilon;

    private static string Text(string epsilon) =>
        ExperimentText.Least + "objective:\n  targets: [{ label-smoothing: { epsilon: " + epsilon + " } }]\n";
}
