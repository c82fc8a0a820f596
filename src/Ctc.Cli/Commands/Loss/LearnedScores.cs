using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>The value of one learned score in a request: a parameter of a part of the objective, by its name in the objective.</summary>
/// <param name="Value">A number, or nested lists of numbers, with the path <c>parameters.NAME</c>.</param>
/// <param name="Name">The name of the parameter, such as <c>lattice-NAME.weight</c>.</param>
internal sealed record LearnedScores(JsonValue Value, string Name)
{
    /// <summary>Parses the key <c>parameters</c>.</summary>
    public static IReadOnlyList<LearnedScores> Parse(JsonValue parameters)
    {
        if (parameters.Element.ValueKind != JsonValueKind.Object) throw parameters.Refuse("an object of names and numbers");
        var scores = new List<LearnedScores>();
        foreach (JsonProperty property in parameters.Element.EnumerateObject())
        {
            string name = JsonValue.TextOf(() => property.Name, parameters.Path);
            if (scores.Any(score => score.Name == name)) throw parameters.Fault($"'{YamlScalar.Shown(name)}' occurs twice; expected it once");
            scores.Add(new LearnedScores(new JsonValue($"{parameters.Path}.{YamlScalar.Shown(name)}", property.Value), name));
        }

        return scores;
    }

    /// <summary>Sets the parameters of an objective. Those that are not named keep the values that their parts gave them.</summary>
    public static void Set(IReadOnlyList<LearnedScores> scores, Objective objective)
    {
        if (scores.Count == 0) return;
        using var withoutGradient = torch.no_grad();
        Dictionary<string, TorchSharp.Modules.Parameter> known = objective.named_parameters().ToDictionary(own => own.name, own => own.parameter);
        foreach (LearnedScores score in scores)
        {
            if (!known.TryGetValue(score.Name, out TorchSharp.Modules.Parameter? parameter))
            {
                string expected = known.Count == 0
                    ? "expected a learned score of the objective, which has none"
                    : NearestName.Suggest(score.Name, known.Keys);
                throw new InvalidDataException($"parameters: unknown name '{YamlScalar.Shown(score.Name)}'; {expected}");
            }

            parameter.copy_(score.Numbers(parameter.shape).to(parameter.dtype));
        }
    }

    private Tensor Numbers(long[] shape)
    {
        var numbers = new List<double>();
        Add(Value, shape);
        return torch.tensor(numbers.ToArray(), shape);

        void Add(JsonValue value, ReadOnlySpan<long> left)
        {
            if (left.IsEmpty)
            {
                if (value.Element.ValueKind != JsonValueKind.Number || !value.Element.TryGetDouble(out double number) || !double.IsFinite(number))
                {
                    throw value.Refuse("a finite number");
                }

                numbers.Add(number);
                return;
            }

            string expected = $"{left[0]} {(left.Length == 1 ? "numbers" : "lists")}, of the shape [{string.Join(", ", shape)}]";
            JsonValue[] items = [.. value.Items(expected)];
            if (items.Length != left[0]) throw value.Fault($"{items.Length} items; expected {expected}");
            foreach (JsonValue item in items) Add(item, left[1..]);
        }
    }
}
