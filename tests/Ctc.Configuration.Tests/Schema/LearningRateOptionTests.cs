using Ctc.Configuration.Schema;

namespace Ctc.Configuration.Tests.Schema;

public class LearningRateOptionTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("cosine", """{"cosine":{"to":0}}""")]
    [TestCase("{ cosine: { to: 0.1 } }", """{"cosine":{"to":0.1}}""")]
    [TestCase("linear", """{"linear":{"to":0}}""")]
    [TestCase("{ steps: { at: [3, 100 steps] } }", """{"steps":{"at":["3 epochs","100 steps"],"factor":0.1}}""")]
    [TestCase("plateau", """{"plateau":{"factor":0.5,"patience":2}}""")]
    public void A_schedule_is_named_and_may_have_options(string written, string form)
    {
        Experiment first = file.Bind(ExperimentText.Least + $"train: {{ schedule: {written} }}");
        Assert.That(first.ToJson()["train"]!["schedule"]!.ToJsonString(), Is.EqualTo(form));
        Assert.That(file.Bind(first.ToYaml()).ToYaml(), Is.EqualTo(first.ToYaml()));
    }

    [TestCase("schedule: cosin", "4:20: unknown key 'cosin' in schedule; did you mean 'cosine'?")]
    [TestCase("schedule: [cosine]", "4:20: schedule is a list; expected one of cosine, linear, steps, plateau")]
    [TestCase("schedule: { cosine: { to: 2 } }", "4:36: to is 2; expected 0 to 1")]
    [TestCase("schedule: steps", "4:20: missing key 'at' in steps; expected a list")]
    [TestCase("schedule: { plateau: { factor: 0 } }", "4:41: factor is 0; expected 0 to 1, 0 excluded")]
    [TestCase("warm-up: 0 steps", "4:19: warm-up is 0 steps; expected a time above 0, such as 5 epochs or 300 steps")]
    [TestCase("patience: 0", "4:20: patience is 0; expected 1 or more")]
    public void What_is_none_is_refused(string option, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + $"train: {{ {option} }}"), Is.EqualTo($"x.yaml:{message}"));

    [Test]
    public void An_override_chooses_another()
    {
        Experiment experiment = file.Bind(ExperimentText.Least + "train: { schedule: { cosine: { to: 0.1 } } }", "train.schedule.plateau.patience=1");
        Assert.That(experiment.Train.Schedule, Is.EqualTo(new PlateauRate { Patience = 1 }));
        Assert.That(file.Bind(experiment.ToYaml(), "train.schedule=none").Train.Schedule, Is.Null);
    }
}
