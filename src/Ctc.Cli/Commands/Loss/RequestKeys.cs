using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>The keys of a request, and where a key that it does not have belongs: a key of an objective, or another toolkit's name.</summary>
internal static class RequestKeys
{
    private const string Targets = "\"targets\"", Blank = "\"blank\"", TargetLengths = "\"target_lengths\"", InputLengths = "\"input_lengths\"";

    /// <summary>Gets all keys.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "layout", "inputs", "input", "blank", "input_lengths", "targets", "target_lengths", "graphs", "dtype", "recursion", "objective", "outputs",
        "shape", "parameters",
    ];

    private static readonly Dictionary<string, string> Others = new()
    {
        ["reduction"] = "\"objective\": {\"reduction\": …}",
        ["infeasible"] = "\"objective\": {\"infeasible\": …}",
        ["zero_infinity"] = "\"objective\": {\"infeasible\": \"zero\"}",
        ["logits"] = "\"inputs\", which are logits by default",
        ["log_probs"] = Inputs("log-probs"),
        ["logprobs"] = Inputs("log-probs"),
        ["log-probs"] = Inputs("log-probs"),
        ["probs"] = Inputs("probs"),
        ["y_pred"] = Inputs("probs"),
        ["scores"] = Inputs("scores"),
        ["labels"] = Targets,
        ["y_true"] = Targets,
        ["label_length"] = TargetLengths,
        ["label_lengths"] = TargetLengths,
        ["logit_length"] = InputLengths,
        ["logit_lengths"] = InputLengths,
        ["blank_id"] = Blank,
        ["blank_index"] = Blank,
        ["blank_label"] = Blank,
    };

    /// <summary>The error for a key that a request does not have.</summary>
    public static InvalidDataException Refuse(string key)
    {
        string? place = Others.GetValueOrDefault(key)
            ?? (ExtensionPoint.All.Any(point => point.Role is not null && point.Key == key) ? $"\"objective\": {{\"{key}\": …}}" : null);
        string expected = place is null ? NearestName.Suggest(key, All) : $"expected {place}";
        return new InvalidDataException($"unknown key '{YamlScalar.Shown(key)}'; {expected}");
    }

    private static string Inputs(string kind) => $"\"inputs\" with \"input\": \"{kind}\"";
}
