using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>A golden case as a request of <c>ctc loss</c>.</summary>
internal static class GoldenRequest
{
    public static JsonObject Of(GoldenCase golden, JsonObject? objective = null, params string[] outputs)
    {
        string kind = golden["input_kind"]!.GetValue<string>();
        var request = new JsonObject
        {
            ["inputs"] = JsonNode.Parse(golden["inputs"]!.ToJsonString().Replace("\"-Infinity\"", "\"-inf\"", StringComparison.Ordinal)),
            ["input"] = kind.StartsWith("logits", StringComparison.Ordinal) ? "logits" : kind.StartsWith("log_probs",
                StringComparison.Ordinal) ? "log-probs" : "probs",
            ["input_lengths"] = golden["input_lengths"]!.DeepClone(),
            ["targets"] = golden["targets"]?.DeepClone(),
            ["blank"] = golden["blank"]!.DeepClone(),
        };
        if (objective is not null) request["objective"] = objective;
        if (outputs.Length > 0) request["outputs"] = new JsonArray([.. outputs.Select(output => JsonValue.Create(output))]);
        return request;
    }
}
