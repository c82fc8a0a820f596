using System.Text.Json.Nodes;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Tests.Schema;

namespace Ctc.Configuration.Tests.Identity;

public class ResolvedConfigurationTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void All_defaults_are_filled_in_and_all_keys_are_sorted() => Assert.That(
        file.Bind(ExperimentText.Least).ToJson().ToJsonString(),
        Is.EqualTo(Joined("""
        {"alignment":{"edges":"frames","head":null},
        "data":{"count":100,"source":"synthetic"},
        "device":"auto",
        "metrics":[{"token-error-rate":{}},{"exact-match":{}}],
        "model":{"encoder":"bilstm","hidden":128,"layers":2},
        "name":"x",
        "objective":{"auxiliary":[],"decoder":{"best-path":{}},"emissions":[],"heads":[],"infeasible":"error","language-model":null,"lattice":[],"reduction":"mean-utterance","targets":[],"topology":{"ctc":{}},"weight":1,"weighting":[]},
        "plugins":[],
        "seed":1,
        "train":{"accumulate":1,"augment":[],"batch-size":16,"best-by":"metric","clip-norm":5,"epochs":10,"fit-to":null,"init-from":null,"learning-rate":0.001,"logits":null,"optimizer":{"adamw":{"beta1":0.9,"weight-decay":0}},"passes":1,"patience":null,"schedule":null,"threads":1,"views":1,"warm-up":null},
        "transforms":[]}
        """)));

    [Test]
    public void An_option_of_every_type_has_one_form()
    {
        const string objective = "objective: { auxiliary: [{ everything: { number: 1e-7, numbers: [1.0, 1e22], shapes: [square] } }] }";
        JsonObject json = file.Bind(ExperimentText.Least + objective).ToJson();

        Assert.That(json["objective"]!["auxiliary"]!.ToJsonString(), Is.EqualTo(Joined("""
            [{"everything":{"inner":{"epsilon":0.1},"large":2,"narrow":0.1,"no-inner":null,"no-number":null,"no-text":null,
            "number":1E-07,"numbers":[1,1E+22],"shape":"wide-oval","shapes":["square"],"text":"plain","truth":false,"whole":1}}]
            """)));
    }

    [Test]
    public void Its_text_binds_to_the_same_experiment_from_anywhere()
    {
        Experiment first = file.Bind("""
            name: x
            data: { source: lines, train: lines.csv, more: [lines.csv] }
            model: { encoder: conv }
            plugins: [lines.csv]
            objective:
              topology: { star: { penalty: -0.1 } }
              weighting: [length, { focal: { gamma: 0.30000000000000004 } }]
              auxiliary:
                - everything: { text: "ä \"quoted\" \\ 𝄞 #: \t\n -", number: 4.9e-324, narrow: 3.4028235e38, no-text: "null", inner: { epsilon: 1e-300 } }
            sweep: { a: 1 }
            """);

        using (Assert.EnterMultipleScope())
        {
            foreach (string text in new[] { first.ToYaml(), first.ToJson().ToJsonString(), first.ToJson().ToString() })
            {
                Experiment second = ExperimentFile.Parse(text, "resolved.yaml", Path.GetTempPath()).Bind(FakeParts.Catalog);
                Assert.That(second.ToYaml(), Is.EqualTo(first.ToYaml()));
                Assert.That(second.Objective.Parts.Select(part => part.Factory), Is.EqualTo(first.Objective.Parts.Select(part => part.Factory)));
            }
        }
    }

    [Test]
    public void Its_text_has_a_key_in_each_line() =>
        Assert.That(file.Bind(ExperimentText.Least).ToYaml(), Does.StartWith("{\n  \"alignment\": {\n    \"edges\": \"frames\",\n").And.EndsWith("}\n"));

    private static string Joined(string lines) => lines.ReplaceLineEndings("");
}
