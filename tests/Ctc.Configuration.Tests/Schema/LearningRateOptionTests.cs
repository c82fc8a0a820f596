using Ctc.Configuration.Schema;

namespace Ctc.Configuration.Tests.Schema;

public class LearningRateOptionTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("cosine", """{"cosine":{"from":1,"to":0,"until":null}}""")]
    [TestCase("{ cosine: { to: 0.1 } }", """{"cosine":{"from":1,"to":0.1,"until":null}}""")]
    [TestCase("linear", """{"linear":{"from":1,"to":0,"until":null}}""")]
    [TestCase("{ steps: { values: [1, 0.1], starts: [100 steps] } }", """{"steps":{"starts":["100 steps"],"values":[1,0.1]}}""")]
    [TestCase("plateau", """{"plateau":{"factor":0.5,"from":1,"patience":2,"to":0}}""")]
    [TestCase("{ exponential: { half-life: 1 } }", """{"exponential":{"from":1,"half-life":"1 epoch","to":0}}""")]
    [TestCase("0.5", "0.5")]
    public void A_schedule_is_named_and_may_have_options(string written, string form)
    {
        Experiment first = file.Bind(ExperimentText.Least + $"train: {{ schedule: {written} }}");
        Assert.That(first.ToJson()["train"]!["schedule"]!.ToJsonString(), Is.EqualTo(form));
        Assert.That(file.Bind(first.ToYaml()).ToYaml(), Is.EqualTo(first.ToYaml()));
    }

    [TestCase("schedule: cosin", "4:20: schedule is cosin; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("schedule: { cosin: {} }", "4:22: no schedule 'cosin' was found; did you mean 'cosine'?")]
    [TestCase("schedule: [cosine]", "4:20: schedule is a list; expected a number, or a schedule: linear, cosine, exponential, steps, plateau, rising")]
    [TestCase("schedule: { cosine: { to: 2 } }", "4:36: to is 2; expected 0 to 1")]
    [TestCase("schedule: steps", "4:20: missing key 'values' in steps; expected a list")]
    [TestCase("schedule: { steps: { at: [3], factor: 0.1 } }",
        "4:31: steps has no key 'at'; expected the factors and the start of each but the first, "
        + "as in every schedule: steps: { values: [1, 0.1, 0.01], starts: [6 epochs, 9 epochs] }")]
    [TestCase("schedule: { plateau: { factor: 0 } }", "4:41: factor is 0; expected 0 to 1, 0 excluded")]
    [TestCase("warm-up: 0 steps", "4:19: warm-up is 0 steps; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("patience: 0", "4:20: patience is 0; expected 1 or more")]
    public void What_is_none_is_refused(string option, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + $"train: {{ {option} }}"), Is.EqualTo($"x.yaml:{message}"));

    [Test]
    public void An_override_chooses_another()
    {
        Experiment experiment = file.Bind(ExperimentText.Least + "train: { schedule: { cosine: { to: 0.1 } } }", "train.schedule.plateau.patience=1");
        Assert.That(experiment.Train.Schedule, Is.EqualTo(new PlateauSchedule { Patience = 1 }));
        Assert.That(file.Bind(experiment.ToYaml(), "train.schedule=none").Train.Schedule, Is.Null);
    }
}
