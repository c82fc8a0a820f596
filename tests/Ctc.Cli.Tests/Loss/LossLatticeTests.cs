using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>The paths that the lattice allows and prefers, by cases of public suites other than losses.</summary>
[NoTensorLeaks]
public class LossLatticeTests
{
    [Test]
    public void The_target_of_one_certain_path_is_the_path_with_repeats_merged()
    {
        foreach (JsonNode? one in GoldenCase.Read("tf_collapse_repeated")["cases"]!.AsArray())
        {
            const int Tokens = 11; // the last is the blank, which is on no path
            JsonArray labels = one!["labels"]!.AsArray();
            var inputs =
                new JsonArray([.. labels.Select(row => new JsonArray([.. row!.AsArray().Select(label => OneHot(label!.GetValue<int>(), Tokens))]))]);
            JsonNode answer = LossInProcess.Ask(new JsonObject
            {
                ["layout"] = "BTV",
                ["input"] = "probs",
                ["inputs"] = inputs,
                ["input_lengths"] = one["lengths"]!.DeepClone(),
                ["targets"] = one["collapsed"]!.DeepClone(),
                ["blank"] = Tokens - 1,
                ["outputs"] = new JsonArray("loss", "viterbi"),
            });
            Assert.That(LossInProcess.Numbers(answer["loss"]), Is.All.Zero);
            for (int b = 0; b < labels.Count; b++)
            {
                Assert.That(
                    LossInProcess.Numbers(answer["viterbi"]![b]),
                    Is.EqualTo(LossInProcess.Numbers(labels[b])[..one["lengths"]![b]!.GetValue<int>()]));
            }
        }
    }

    [Test]
    public void The_best_path_of_all_has_the_score_that_greedy_decoding_gives_it()
    {
        GoldenCase golden = GoldenCase.Read("tf_greedy_decode");
        JsonObject request = GoldenRequest.Of(golden, null, "viterbi_score");
        request["targets"] = golden.Expected["paths"]!.DeepClone();
        double[] scores = LossInProcess.Numbers(LossInProcess.Ask(request)["viterbi_score"]);
        Assert.That(
            scores.Select(score => -score), Is.EqualTo(LossInProcess.Numbers(golden.Expected["neg_log_prob"])).Within(golden.Tolerance("abs")));
    }

    [Test]
    public void The_lattice_has_as_many_paths_as_the_graph_of_another_toolkit([Range(1, 9)] int frames, [Range(0, 2)] int index)
    {
        JsonArray cases = GoldenCase.Read("k2_ctc_graph_topology")["cases"]!.AsArray();
        JsonNode one = cases[index]!;
        bool modified = one["modified"] is not null; // then it is the first graph with an additional arc
        int[][] arcs =
            [.. cases[modified ? 0 : index]!["arcs"]!.AsArray().Append(one["extra_arc"]).OfType<JsonNode>().Select(GoldenCase.Numbers<int>)];
        var paths = new Dictionary<int, double> { [0] = 1 };
        for (int t = 0; t < frames; t++)
        {
            paths = arcs.Where(arc => paths.ContainsKey(arc[0])).GroupBy(arc => arc[1])
                .ToDictionary(into => into.Key, into => into.Sum(arc => paths[arc[0]]));
        }

        double expected = GoldenCase.Numbers<int>(one["final"]!).Sum(state => paths.GetValueOrDefault(state));
        var ones = new JsonArray([.. Enumerable.Range(0, frames).Select(_ => new JsonArray(new JsonArray(0, 0, 0, 0)))]);
        JsonNode answer = LossInProcess.Ask(new JsonObject
        {
            ["inputs"] = ones,
            ["input"] = "scores",
            ["targets"] = new JsonArray(one["targets"]!.DeepClone()),
            ["objective"] = new JsonObject { ["topology"] = modified ? "modified" : "ctc" },
            ["outputs"] = new JsonArray("log_likelihood"),
        });
        Assert.That(LossInProcess.Numbers(answer["log_likelihood"])[0], Is.EqualTo(Math.Log(expected)).Within(1e-12));
    }

    // Under no-blank the tokens 1 1 1 2 of a target 1 1 2 do not show where the second token starts; the states do.
    [TestCase("ctc", "[[0,4,0],[0,4,0],[4,0,0],[0,4,0],[0,0,4]]", "[1,1,0,1,2]", "[1,1,2,3,5]")]
    [TestCase("no-blank", "[[0,4,0],[0,3,0],[0,4,0],[0,0,4]]", "[1,1,1,2]", "[0,1,1,2]")]
    public void States_tell_the_tokens_of_the_target_apart(string topology, string frames, string tokens, string states)
    {
        string blank = topology == "ctc" ? "0" : "null", rows = frames.Replace("],[", "]],[[", StringComparison.Ordinal);
        foreach (string recursion in new[] { "fused", "differentiable" })
        {
            JsonNode answer = LossInProcess.Ask(JsonNode.Parse(
                $"{{\"inputs\":[{rows}],\"targets\":[[1,1,2]],\"blank\":{blank},\"recursion\":\"{recursion}\"," +
                $"\"objective\":{{\"topology\":\"{topology}\"}},\"outputs\":[\"viterbi\",\"states\"]}}")!);
            Assert.That(answer["viterbi"]!.ToJsonString(), Is.EqualTo($"[{tokens}]"));
            Assert.That(answer["states"]!.ToJsonString(), Is.EqualTo($"[{states}]"));
        }
    }

    [Test]
    public void An_utterance_without_a_path_has_no_states() =>
        Assert.That(
            LossInProcess.Ask(JsonNode.Parse("""{"inputs":[[[0,0],["nan",0]]],"targets":[[1,1],[1]],"outputs":["states"]}""")!).ToJsonString(),
            Is.EqualTo("""{"states":[null,null]}"""));

    [Test]
    public void Utterances_that_cannot_be_aligned_are_named()
    {
        JsonNode one = GoldenCase.Read("pylaia_feasibility")["cases"]![0]!;
        JsonArray frame() => new([.. Enumerable.Range(0, 4).Select(_ => new JsonArray(0, 0, 0, 0, 0, 0))]);
        JsonNode answer = LossInProcess.Ask(new JsonObject
        {
            ["inputs"] = new JsonArray([.. Enumerable.Range(0, 5).Select(_ => frame())]),
            ["input_lengths"] = one["input_lengths"]!.DeepClone(),
            ["targets"] = one["targets"]!.DeepClone(),
            ["outputs"] = new JsonArray("infeasible", "loss", "viterbi"),
        });
        Assert.That(LossInProcess.Numbers(answer["infeasible"]), Is.EqualTo(LossInProcess.Numbers(one["invalid"])));
        Assert.That(LossInProcess.Numbers(answer["loss"]).Select(double.IsInfinity), Is.EqualTo(new[] { false, true, true, false }));
        Assert.That(answer["viterbi"]!.AsArray().Select(path => path is null), Is.EqualTo(new[] { false, true, true, false }));
    }

    private static JsonArray OneHot(int token, int tokens) => new([.. Enumerable.Range(0, tokens).Select(v => JsonValue.Create(v == token ? 1 : 0))]);
}
