using System.Text.Json.Nodes;

namespace Ctc.Tests;

/// <summary>Numbers of a public suite or of an enumeration, as stored in tests/Golden with their source and tolerance.</summary>
internal sealed class GoldenCase
{
    private readonly JsonNode json;

    private GoldenCase(JsonNode json) => this.json = json;

    public JsonNode Expected => json["expected"]!;

    public JsonNode Parameters => json["params"]!;

    public JsonNode? this[string key] => json[key];

    public Tensor Inputs => Tensor(json["inputs"]!);

    public Batch Batch
    {
        get
        {
            long[][] targets = [.. json["targets"]!.AsArray().Select(target => Numbers<long>(target!))];
            return new Batch(targets, Numbers<long>(json["input_lengths"]!), Inputs.shape[2], json["blank"]!.GetValue<int>());
        }
    }

    public static GoldenCase Read(string name) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", $"{name}.json")))!);

    public double Tolerance(string of) => json["tolerance"]![of]!.GetValue<double>();

    /// <summary>A rectangular nested array of numbers, as float64; "-inf" is allowed.</summary>
    public static Tensor Tensor(JsonNode nest)
    {
        var shape = new List<long>();
        for (JsonNode? inner = nest; inner is JsonArray array; inner = array.Count > 0 ? array[0] : null) shape.Add(array.Count);
        return torch.tensor(Flat(nest).ToArray(), [.. shape]);
    }

    public static T[] Numbers<T>(JsonNode array) => [.. array.AsArray().Select(number => number!.GetValue<T>())];

    private static IEnumerable<double> Flat(JsonNode nest) => nest is JsonArray array
        ? array.SelectMany(inner => Flat(inner!))
        : [nest.GetValueKind() == System.Text.Json.JsonValueKind.String ? Infinite(nest.GetValue<string>()) : nest.GetValue<double>()];

    private static double Infinite(string text) => text.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
}
