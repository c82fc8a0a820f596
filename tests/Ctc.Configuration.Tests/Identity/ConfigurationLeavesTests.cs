using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;

namespace Ctc.Configuration.Tests.Identity;

public class ConfigurationLeavesTests
{
    [Test]
    public void A_part_in_a_list_is_addressed_by_its_name_and_one_without_options_is_there()
    {
        JsonObject experiment =
            Parse("""{"a":{"b":1,"c":"é"},"parts":[{"focal":{"gamma":0.5}},{"focal":{"gamma":2}},{"plain":{}}],"none":[],"off":null,"list":[1,2]}""");
        Assert.That(ConfigurationLeaves.From(experiment), Is.EqualTo(new Dictionary<string, string>
        {
            ["a.b"] = "1", ["a.c"] =
                "é", ["parts.focal.gamma"] = "0.5", ["parts.focal#2.gamma"] = "2", ["parts.plain"] = "yes", ["off"] = "null", ["list"] = "[1,2]",
        }));
    }

    [Test]
    public void What_changed_is_told_leaf_by_leaf()
    {
        JsonObject before =
            Parse("""{"same":1,"epochs":8,"parts":[{"focal":{"gamma":0.5}}]}"""), after = Parse("""{"same":1,"epochs":10,"parts":[{"hinge":{}}]}""");
        Assert.That(ConfigurationLeaves.Changed(before, after), Is.EqualTo(new (string, string?, string?)[]
        {
            ("epochs", "8", "10"), ("parts.focal.gamma", "0.5", null), ("parts.hinge", null, "yes"),
        }));
        Assert.That(ConfigurationLeaves.Changed(before, before), Is.Empty);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
