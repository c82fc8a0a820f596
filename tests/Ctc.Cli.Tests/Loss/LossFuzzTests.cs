using System.Text;
using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Any input gives an answer or one sentence.</summary>
[NoTensorLeaks]
public class LossFuzzTests
{
    private static readonly string[] Valid =
    [
        """{"inputs":[[[0.5,-1,2]],[[0,1,0.25]]],"targets":[[1,2]],"outputs":["loss","reduced","log_likelihood","gradient","occupancy","target","viterbi","viterbi_score","entropy","infeasible","parameters"]}""",
        """{"layout":"BTV","inputs":[[[0,1],[0,1],[1,0]],[[0,"-inf"],[1,"nan"],["inf",0]]],"input_lengths":[3,1],"input":"scores","blank":1,"targets":[[0],[]],"outputs":["viterbi","gradient","entropy"]}""",
        """{"inputs":[[[0.25,0.75],[0.5,0.5]]],"input":"probs","dtype":"float32","targets":[1,1],"target_lengths":[1,1],"objective":{"weighting":[{"focal":{"gamma":2}}],"reduction":"mean","infeasible":"drop"}}""",
        """{"inputs":[[[-0.7,-0.7]],[[-0.7,-0.7]],[[-1,-0.5]]],"input":"log-probs","recursion":"auto","targets":[[1,1,0]],"target_lengths":[2],"objective":{"targets":["reweighting",{"label-smoothing":{"epsilon":0.1}}],"auxiliary":[{"uniform-kl":{"alpha":0.5}}],"infeasible":"zero"},"outputs":["target","loss"]}""",
        """{"inputs":[[[0.5,1]],[[0,1]]],"targets":[[1]],"objective":{"emissions":[{"label-prior":{"scale":1,"prior":[0.5,0.5]}},"label-prior"],"weighting":[{"class-rarity":{"power":1}}],"auxiliary":[{"entropy":{"beta":0.1}}],"reduction":"sum"}}""",
        """{"inputs":[[[0.5,1]],[[0,1]]],"targets":[[1]],"input":"scores","objective":{"emissions":["temperature",{"blank-penalty":{"lambda":1}}],"lattice":[{"delay-penalty":{"lambda":1}}],"auxiliary":["confidence-penalty","peak-first"],"weighting":["length"]}}""",
        """{"inputs":[[[0.5,1,0],[0,0,0]],[[0,1,2],[1,1,1]]],"targets":[[1],[2]],"graphs":[{"states":[1,0,2],"arcs":[[0,0],[0,1,-0.5],[1,2],[2,2]],"initial":[[0],[1,-1]],"final":[[2],[0,0.25]],"empty":-3},null],"objective":{"topology":"graph"},"outputs":["loss","gradient","viterbi","entropy","infeasible"]}""",
        """{"inputs":[],"shape":[0,2,3],"targets":[[],[1]],"parameters":{},"outputs":["loss","gradient","viterbi"]}""",
    ];

    private static readonly string[] Extremes =
        ["0", "-0", "-1", "1", "2", "0.5", "1e308", "-1e308", "1e-320", "1e39", "1e999", "2147483648", "9223372036854775807", "9223372036854775808",
            "1e2", "null", "true", "\"\"", "\"inf\"", "\"-inf\"", "\"nan\"", "[]", "{}", "[[]]", "[[[]]]", "\"BTV\"", "\"scores\"", "\"probs\"",
            "\"float32\"", "\"mean\""];

    [Test]
    [Category("Slow")]
    public void Damaged_requests_are_answered_or_refused() => Damage(2_000, seed: 1);

    [Test, Explicit("minutes"), Category("Long")]
    public void Damaged_requests_are_answered_or_refused_many_times() => Damage(100_000, seed: 2);

    private static void Damage(int count, int seed)
    {
        Assert.That(LossInProcess.Run(string.Concat(Valid)).ExitCode, Is.Zero);
        var random = new Random(seed);
        int answered = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = Encoding.UTF8.GetBytes(random.Next(3) > 0 ? Rearranged(Pick(Valid, random), random) : Pick(Valid, random));
            if (random.Next(3) == 0) damaged = DamagedText.Of(damaged, "{}[],:\"\\\n\t 0123456789.eE+-ntfu"u8, random);
            if (random.Next(10) == 0) damaged = [.. damaged, (byte)'\n', .. Encoding.UTF8.GetBytes(Pick(Valid, random))];
            if (Check(damaged)) answered++;
        }

        Assert.That(answered, Is.InRange(count / 10, count * 9 / 10), "some of each kind");
    }

    /// <summary>Whether every request was answered.</summary>
    private static bool Check(byte[] damaged)
    {
        string text = Encoding.UTF8.GetString(damaged);
        try
        {
            (int exitCode, string[] lines) = LossInProcess.Run(damaged);
            string?[] errors = [.. lines.Select(line => JsonNode.Parse(line)!["error"]?.GetValue<string>())];
            Assert.That(lines, Is.Not.Empty);
            Assert.That(exitCode, Is.EqualTo(errors.Any(error => error is not null) ? 2 : 0), $"{string.Join('\n', lines)}\n{text}");
            foreach (string error in errors.OfType<string>())
            {
                Assert.That(error, Has.Length.LessThan(500).And.Not.Contain("Exception").And.Not.Contain("\n").And.Not.Contain("   at "), text);
            }

            return exitCode == 0;
        }
        catch (Exception failure) when (failure is not AssertionException)
        {
            Assert.Fail($"{failure}\n{text}");
            return false;
        }
    }

    /// <summary>One to three edits of the tree.</summary>
    private static string Rearranged(string valid, Random random)
    {
        JsonNode root = JsonNode.Parse(valid)!;
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            JsonNode[] inner = [.. Within(root).Where(node => node is JsonObject or JsonArray)];
            switch (Pick(inner, random))
            {
                case JsonObject { Count: > 0 } owner:
                    string key = Pick([.. owner.Select(pair => pair.Key)], random);
                    JsonNode? value = owner[key]?.DeepClone();
                    switch (random.Next(4))
                    {
                        case 0: owner.Remove(key); break;
                        case 1: owner[key] = Extreme(random); break;
                        case 2: owner[key] = new JsonArray(value); break;
                        default: owner[random.Next(2) == 0 ? key + "s" : Pick([.. owner.Select(pair => pair.Key)], random)] = value; break;
                    }

                    break;
                case JsonArray { Count: > 0 } list:
                    int at = random.Next(list.Count);
                    switch (random.Next(4))
                    {
                        case 0: list.RemoveAt(at); break;
                        case 1: list[at] = Extreme(random); break;
                        case 2: list[at] = new JsonArray(list[at]?.DeepClone()); break;
                        default: list.Insert(at, list[at]?.DeepClone()); break;
                    }

                    break;
            }
        }

        string text = root.ToJsonString();
        return random.Next(20) == 0 ? "{\"blank\":0," + text[1..] : text; // a key that may occur twice
    }

    private static IEnumerable<JsonNode> Within(JsonNode node) => node switch
    {
        JsonObject owner => owner.SelectMany(pair => pair.Value is null ? [] : Within(pair.Value)).Prepend(node),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Within).Prepend(node),
        _ => [node],
    };

    private static JsonNode? Extreme(Random random) => JsonNode.Parse(Pick(Extremes, random));

    private static T Pick<T>(T[] choices, Random random) => choices[random.Next(choices.Length)];
}
