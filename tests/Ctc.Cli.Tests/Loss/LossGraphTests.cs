using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Graphs given in requests.</summary>
[NoTensorLeaks]
public class LossGraphTests
{
    private static readonly string[] Outputs =
        ["loss", "log_likelihood", "gradient", "occupancy", "viterbi", "viterbi_score", "entropy", "infeasible"];

    [Test]
    public void The_graph_of_ctc_answers_as_ctc_does([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed);
        JsonNode ctc = LossInProcess.Ask(Request(drawn, "ctc"));
        JsonObject request = Request(drawn, "graph");
        request["graphs"] = new JsonArray(
            [.. drawn.Batch.Targets.Select((target, b) => b % 2 == 1 ? null : Json(Graph.FromTarget(target, drawn.Batch.Blank!.Value)))]);
        JsonNode graph = LossInProcess.Ask(request);
        foreach (string output in Outputs.Where(output => output is not "viterbi"))
        {
            Assert.That(Numbers(graph, output), Is.EqualTo(Numbers(ctc, output)).Within(1e-12), output);
        }

        Assert.That(graph["viterbi"]!.ToJsonString(), Is.EqualTo(ctc["viterbi"]!.ToJsonString()));
    }

    [Test]
    public void Any_graph_answers_as_the_list_of_its_paths_says([Range(2, 6)] int frames)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const string Json =
            """{"states":[1,0,2,1],"arcs":[[0,0,-0.5],[0,1],[0,2,0.3],[1,2,-1],[1,3],[3,2,0.25],[2,0,-2],[2,2]],"initial":[[0,-0.1],[1]],"final":[[2,-0.4],[3]]}""";
        double[,] scores = Scores(frames);
        LatticePathSum listed = LatticePathEnumeration.Sum(Lattice.FromGraphs([GraphJson.Parse(Json)]), scores, 0);
        JsonNode answer = LossInProcess.Ask(new JsonObject
        {
            ["input"] = "scores",
            ["inputs"] = Nest(scores),
            ["targets"] = new JsonArray(new JsonArray(1, 2)),
            ["graphs"] = new JsonArray(JsonNode.Parse(Json)),
            ["objective"] = new JsonObject { ["topology"] = "graph" },
            ["outputs"] = Names(),
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers(answer, "loss"), Is.EqualTo(new[] { -listed.LogLikelihood }).Within(1e-12));
            Assert.That(Numbers(answer, "occupancy"), Is.EqualTo(listed.Occupancy.Cast<double>()).Within(1e-12));
            Assert.That(Numbers(answer, "gradient"), Is.EqualTo(listed.Occupancy.Cast<double>().Select(share => -share)).Within(1e-12));
            Assert.That(Numbers(answer, "entropy"), Is.EqualTo(new[] { listed.Entropy }).Within(1e-12));
            Assert.That(Numbers(answer, "viterbi_score"), Is.EqualTo(new[] { listed.Best!.Score }).Within(1e-12));
            Assert.That(Numbers(answer, "viterbi"), Is.EqualTo(listed.Best.States.Select(state => new[] { 1, 0, 2, 1 }[state])));
        }
    }

    [Test]
    public void Other_topologies_do_not_read_graphs()
    {
        JsonObject request = JsonNode.Parse("""{"inputs":[[[0,1]],[[1,0]]],"targets":[[1]]}""")!.AsObject();
        string without = LossInProcess.Ask(request).ToJsonString();
        request["graphs"] = JsonNode.Parse("""[{"states":[0],"arcs":[[0,0]],"initial":[[0]],"final":[[0]]}]""");
        Assert.That(LossInProcess.Ask(request).ToJsonString(), Is.EqualTo(without));
        request["objective"] = JsonNode.Parse("""{"topology":"graph"}""");
        Assert.That(LossInProcess.Ask(request).ToJsonString(), Is.Not.EqualTo(without));
    }

    private static JsonObject Request(RandomCase drawn, string topology) => new()
    {
        ["inputs"] = LossInProcess.Nest(drawn.Logits),
        ["shape"] = new JsonArray([.. drawn.Logits.shape.Select(extent => JsonValue.Create(extent))]),
        ["input_lengths"] = LossInProcess.Lengths(drawn.Batch),
        ["targets"] = LossInProcess.Targets(drawn.Batch),
        ["blank"] = drawn.Batch.Blank,
        ["objective"] = new JsonObject { ["topology"] = topology },
        ["outputs"] = Names(),
    };

    private static JsonArray Names() => [.. Outputs.Select(output => (JsonNode)JsonValue.Create(output))];

    private static JsonObject Json(Graph graph)
    {
        var json = new JsonObject
        {
            ["states"] = JsonSerializer.SerializeToNode(graph.Labels),
            ["arcs"] = JsonSerializer.SerializeToNode(graph.Arcs.Select(arc => new object[] { arc.From, arc.To, arc.Score })),
            ["initial"] = JsonSerializer.SerializeToNode(graph.Initial.Select(start => new object[] { start.State, start.Score })),
            ["final"] = JsonSerializer.SerializeToNode(graph.Final.Select(end => new object[] { end.State, end.Score })),
        };
        if (double.IsFinite(graph.Empty)) json["empty"] = graph.Empty;
        return json;
    }

    /// <summary>[T, 3] scores that are not normalised.</summary>
    private static double[,] Scores(int frames)
    {
        var random = new Random(frames);
        var scores = new double[frames, 3];
        for (int t = 0; t < frames; t++)
        {
            for (int v = 0; v < 3; v++) scores[t, v] = (4 * random.NextDouble()) - 2;
        }

        return scores;
    }

    private static JsonArray Nest(double[,] scores) => LossInProcess.Nest([.. scores.Cast<double>()], [scores.GetLength(0), 1, scores.GetLength(1)]);

    private static double[] Numbers(JsonNode answer, string output) => LossInProcess.Numbers(answer[output]);
}
