using Ctc.Configuration.Tests.Schema;

namespace Ctc.Configuration.Tests.Binding;

public class KeyTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("modell: 1", "x.yaml:4:1: unknown key 'modell' in the experiment; did you mean 'model'?")]
    [TestCase("swep: {}", "x.yaml:4:1: unknown key 'swep' in the experiment; did you mean 'sweep'?")]
    [TestCase("train:\n  epoch: 3", "x.yaml:5:3: unknown key 'epoch' in train; did you mean 'epochs'?")]
    [TestCase("train: { batchSize: 3 }", "x.yaml:4:10: unknown key 'batchSize' in train; did you mean 'batch-size'?")]
    [TestCase("<<: {}", "x.yaml:4:1: found the merge key '<<', which is not supported; expected the keys written out")]
    [TestCase("objective: { weighting: [{ focal: { gama: 1 } }] }", "x.yaml:4:37: unknown key 'gama' in focal; did you mean 'gamma'?")]
    [TestCase("objective: { weighting: [{ length: { gama: 1 } }] }", "x.yaml:4:38: unknown key 'gama' in length; there is none")]
    [TestCase("objective: { auxiliary: [{ everything: { inner: { epsilom: 1 } } }] }",
        "x.yaml:4:51: unknown key 'epsilom' in inner; did you mean 'epsilon'?")]
    [TestCase("objective: { auxiliary: [{ everything: { sum: 1 } }] }",
        "x.yaml:4:42: unknown key 'sum' in everything; expected one of inner, large, narrow, no-inner, no-number, no-text, number, numbers, shape, shapes, text, truth, whole")]
    public void An_unknown_key_is_refused_with_the_nearest_known_one(string line, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + line), Is.EqualTo(message));

    [TestCase("name: x\ndata: { source: synthetic }\n", "x.yaml:1:1: missing key 'model' in the experiment; expected a mapping with 'encoder'")]
    [TestCase("data: { source: synthetic }\nmodel: { encoder: conv }\n", "x.yaml:1:1: missing key 'name' in the experiment; expected text")]
    [TestCase("name: x\ndata: { count: 1 }\n", "x.yaml:2:7: missing key 'source' in data; expected the name of a data source")]
    [TestCase("name: x\nmodel: {}\n", "x.yaml:2:8: missing key 'encoder' in model; expected the name of an encoder")]
    [TestCase("name: x\ndata: { source: lines }\n", "x.yaml:2:7: missing key 'train' in data; expected the path of a file")]
    public void A_key_without_a_default_must_be_written(string text, string message) =>
        Assert.That(file.Refusal(text), Is.EqualTo(message));
}
