using System.Text.Json.Nodes;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>A topology whose labels are classes of tokens: outputs are by token, and those of the list of all outputs.</summary>
[NoTensorLeaks]
public class LossClassTests
{
    [Test]
    public void Stars_answer_as_the_list_of_all_outputs_says([Range(0, 5)] int seed, [Values("auto", "differentiable")] string recursion)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed, longest: 4);
        Batch batch = drawn.Batch;
        JsonNode answer = LossInProcess.Ask(new JsonObject
        {
            ["inputs"] = LossInProcess.Nest(drawn.Logits),
            ["shape"] = new JsonArray([.. drawn.Logits.shape.Select(extent => JsonValue.Create(extent))]),
            ["input_lengths"] = LossInProcess.Lengths(batch),
            ["targets"] = LossInProcess.Targets(batch),
            ["blank"] = batch.Blank,
            ["recursion"] = recursion,
            ["objective"] = JsonNode.Parse("""{"topology":{"star":{"penalty":0.25}}}"""),
            ["outputs"] = new JsonArray("log_likelihood", "occupancy", "gradient", "viterbi"),
        });
        Tensor logProbs = drawn.Logits.log_softmax(2), zeros = torch.zeros_like(logProbs), occupancy = zeros.clone(), gradient = zeros.clone();
        double[] likelihoods = LossInProcess.Numbers(answer["log_likelihood"]);
        for (int b = 0; b < batch.Size; b++)
        {
            (long[] target, int frames) = (batch.Targets[b], (int)batch.Frames[b]);
            if (frames == 0) continue;
            double Absorbed(long[] output) => Math.Log(0.25) * (output.Count(token => token != batch.Blank) - target.Length);
            PathSum listed = PathEnumeration.Sum(RandomCase.Rows(logProbs, b, frames), output => Contains(output, target), Absorbed);
            Assert.That(likelihoods[b], Is.EqualTo(listed.LogLikelihood).Within(1e-12), "log_likelihood");
            bool feasible = double.IsFinite(listed.LogLikelihood);
            Tensor shares = torch.tensor([.. listed.Occupancy.Cast<double>()], [frames, batch.Tokens]);
            occupancy.narrow(0, 0, frames).select(1, b).copy_(shares);
            if (feasible) gradient.narrow(0, 0, frames).select(1, b).copy_(logProbs.narrow(0, 0, frames).select(1, b).exp() - shares);
            long[]? best = answer["viterbi"]![b] is { } path ? [.. LossInProcess.Numbers(path).Select(token => (long)token)] : null;
            Assert.That(feasible ? best!.All(token => token < batch.Tokens) && Contains(best!, target) : best is null, "viterbi");
        }

        Assert.That(LossInProcess.Numbers(answer["occupancy"]), Is.EqualTo(occupancy.data<double>().ToArray()).Within(1e-12), "occupancy");
        Assert.That(LossInProcess.Numbers(answer["gradient"]), Is.EqualTo(gradient.data<double>().ToArray()).Within(1e-12), "gradient");
    }

    private static bool Contains(long[] output, long[] target)
    {
        int next = 0;
        foreach (long token in output) if (next < target.Length && token == target[next]) next++;
        return next == target.Length;
    }
}
