using Ctc.Configuration.Tests.Schema;

namespace Ctc.Configuration.Tests.Binding;

public class PartTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("weighting: [fokal]", "x.yaml:5:15: no loss weighting 'fokal' was found; did you mean 'focal'?")]
    [TestCase("weighting: [{ fokal: { gamma: 1 } }]", "x.yaml:5:17: no loss weighting 'fokal' was found; did you mean 'focal'?")]
    [TestCase("topology: tree", "x.yaml:5:13: no topology 'tree' was found; expected one of ctc, star")]
    [TestCase("weighting: [twice]", "x.yaml:5:15: the loss weighting 'twice' is ambiguous; each of these has one: /plugins/A.dll, /plugins/B.dll")]
    [TestCase("weighting: focal", "x.yaml:5:14: weighting is focal; expected a list")]
    [TestCase("weighting: { focal: }", "x.yaml:5:14: weighting is a mapping; expected a list")]
    [TestCase("weighting: [{ focal: , alpha: 1 }]",
        "x.yaml:5:15: a part in weighting has the keys focal, alpha side by side; expected a name, with its options indented below it")]
    [TestCase("weighting: [{}]", "x.yaml:5:15: a part in weighting is a mapping; expected a name, with its options indented below it")]
    [TestCase("weighting: [~]", "x.yaml:5:15: a part in weighting is empty; expected a name, with its options indented below it")]
    [TestCase("topology: [ctc]", "x.yaml:5:13: a part in topology is a list; expected a name, with its options indented below it")]
    [TestCase("weighting: [{ focal: 3 }]", "x.yaml:5:24: focal is 3; expected a mapping")]
    public void A_part_is_a_known_name_with_or_without_options(string line, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + "objective:\n  " + line), Is.EqualTo(message));

    [TestCase("data: synthetic", "x.yaml:2:7: data is synthetic; expected a mapping with 'source'")]
    [TestCase("data: { source: synthtic }", "x.yaml:2:17: no data source 'synthtic' was found; did you mean 'synthetic'?")]
    [TestCase("data: { source: [] }", "x.yaml:2:17: source is a list; expected the name of a data source")]
    [TestCase("data: { sorce: lines }", "x.yaml:2:7: missing key 'source' in data; expected the name of a data source")]
    [TestCase("data: { source: synthetic, cont: 1 }", "x.yaml:2:28: unknown key 'cont' in data; did you mean 'count'?")]
    [TestCase("data: { source: synthetic, sorce: 1 }", "x.yaml:2:28: unknown key 'sorce' in data; did you mean 'source'?")]
    public void Data_and_model_name_their_part_by_a_key(string line, string message) =>
        Assert.That(file.Refusal("name: x\n" + line), Is.EqualTo(message));
}
