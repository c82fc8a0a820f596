using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;

namespace Ctc.Configuration.Tests.Schema;

public class HeadTests
{
    private const string Base = ExperimentText.Least + """
        objective:
          weight: 0.7
          targets: [label-smoothing]
          heads:
            - middle: { weight: { linear: { from: 0, to: 0.3, until: 2 epochs } }, topology: star, targets: [{ label-smoothing: { epsilon: 0.2 } }] }
            - lower
            - middle: { weighting: [focal, focal] }
        """;

    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void Heads_have_a_stream_a_weight_and_parts_of_their_own()
    {
        ObjectiveConfiguration objective = file.Bind(Base).Objective;
        HeadConfiguration middle = objective.Heads[0], lower = objective.Heads[1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(objective.Weight, Is.EqualTo((Schedule)0.7));
            Assert.That(objective.Heads.Select(head => head.Stream), Is.EqualTo(new[] { "middle", "lower", "middle" }));
            Assert.That(middle.Weight.At(new Progress(0, 1, true)), Is.EqualTo(0.15).Within(1e-15));
            Assert.That(middle.Parts.Select(part => part.Factory.Metadata.Name), Is.EqualTo(new[] { "star", "label-smoothing" }));
            Assert.That((lower.Weight, lower.Parts.Single().Factory.Metadata.Name), Is.EqualTo(((Schedule)1, "ctc")));
            Assert.That(
                objective.Parts.Select(part => part.Factory.Metadata.Name),
                Is.EqualTo(new[] { "ctc", "label-smoothing", "best-path", "star", "label-smoothing", "ctc", "ctc", "focal", "focal" }));
        }
    }

    [TestCase("objective.heads.middle#1.weight=0.1", 0, "weight", "0.1")]
    [TestCase("objective.heads.lower.weight={ linear: { from: 0, to: 1, until: 1 } }", 1, "weight",
        """{"linear":{"from":0,"to":1,"until":"1 epoch"}}""")]
    [TestCase("objective.heads.middle#1.topology=ctc", 0, "topology", """{"ctc":{}}""")]
    [TestCase("objective.heads.middle#2.weighting.focal#2.gamma=3", 2, "weighting", null)]
    public void Paths_lead_into_a_head(string change, int head, string key, string? value)
    {
        JsonObject changed = Head(file.Bind(Base, change), head);
        if (value is not null) Assert.That(changed[key]!.ToJsonString(), Is.EqualTo(value));
        else Assert.That((double)changed["weighting"]![1]!["focal"]!["gamma"]!, Is.EqualTo(3));
    }

    [Test]
    public void Another_schedule_or_topology_drops_the_options_of_the_one_before()
    {
        JsonObject head = Head(
            file.Bind(
                Base,
                "objective.heads.middle#1.topology={ star: { penalty: -1 } }",
                "objective.heads.middle#1.topology=star",
                "objective.heads.middle#1.weight={ exponential: { from: 1, to: 0, half-life: 1 } }"),
            0);
        Assert.That(head["weight"]!.AsObject().Single().Key, Is.EqualTo("exponential"));
        Assert.That(head["topology"]!["star"]!.ToJsonString(), Is.EqualTo(Head(file.Bind(Base), 0)["topology"]!["star"]!.ToJsonString()));
    }

    [TestCase("objective.heads.upper.weight=1", "objective.heads has no part 'upper'; expected one of lower, middle#1, middle#2")]
    [TestCase("objective.heads.middle.weight=1", "objective.heads has no part 'middle'; expected one of middle#1, middle#2")]
    [TestCase("objective.heads.lower.weight=-1", "weight is -1; expected 0 or more")]
    [TestCase("objective.heads.lower.heads=[]", "unknown key 'heads' in lower; expected one of ")]
    [TestCase("objective.heads=[1, 2]", "")]
    [TestCase("objective.heads=[[]]", "heads is a list; expected items such as { name: { key: value } }")]
    public void What_is_wrong_in_a_head_is_named_where_it_is(string change, string message)
    {
        if (message.Length > 0) Assert.That(file.Refusal(Base, change), Does.Contain(message));
        else Assert.That(file.Bind(Base, change).Objective.Heads.Select(head => head.Stream), Is.EqualTo(new[] { "1", "2" }), "any name");
    }

    [Test]
    public void The_resolved_form_binds_to_the_same_experiment()
    {
        Experiment first = file.Bind(Base);
        Assert.That(file.Bind(first.ToYaml()).ToYaml(), Is.EqualTo(first.ToYaml()));
        Assert.That(
            ConfigurationLeaves.From(first.ToJson()).Keys,
            Is.SupersetOf(new[] { "objective.heads.middle.weight.linear.to", "objective.heads.middle#2.weighting.focal#2.gamma" }));
    }

    [TestCase("objective.heads=[]", true)]
    [TestCase("objective.weight=1", true)]
    [TestCase("objective.heads=[middle]", false)]
    [TestCase("objective.weight=0.5", false)]
    public void What_is_off_is_left_out_of_the_identity(string change, bool same) => Assert.That(
        RunIdentity.Compute(file.Bind(ExperimentText.Least, change), "1") == RunIdentity.Compute(file.Bind(ExperimentText.Least), "1"),
        Is.EqualTo(same));

    [Test]
    public void A_sweep_varies_a_head_and_leaves_one_out()
    {
        SweepFile swept = SweepFile.Expand(
            ExperimentFile.Parse(
                Base + "\nsweep: { ablate: true, grid: { \"objective.heads.lower.weight\": [0.1, 0.2] } }\n", "x.yaml", file.Folder), []);
        Assert.That(
            swept.Points.Select(point => point.Variant).Distinct(),
            Is.EqualTo(new[] { "full", "without-label-smoothing", "without-middle-1", "without-lower", "without-middle-2" }));
        Assert.That(swept.Points.Count(point => point.Variant == "full"), Is.EqualTo(2));
        Assert.That(swept.Points.Count(point => point.Variant == "without-lower"), Is.EqualTo(1), "the grid does not touch it there");
        Experiment first = swept.Points[0].File.Bind(FakeParts.Catalog);
        Assert.That(first.Objective.Heads[1].Weight, Is.EqualTo((Schedule)0.1));
        Assert.That(swept.Points[0].TypedGrid(first).Single().Value!.ToJsonString(), Is.EqualTo("0.1"));
    }

    private static JsonObject Head(Experiment experiment, int index) =>
        experiment.ToJson()["objective"]!["heads"]![index]!.AsObject().Single().Value!.AsObject();
}
