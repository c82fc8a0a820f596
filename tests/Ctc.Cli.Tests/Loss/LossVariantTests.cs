using System.Globalization;
using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Variants, named as in an experiment, on the numbers of an enumeration.</summary>
[NoTensorLeaks]
public class LossVariantTests
{
    [Test]
    public void Focal_equals_the_enumeration([Range(0, 2)] int index, [Values] bool detached)
    {
        GoldenCase golden = GoldenCase.Read("derived_focal");
        JsonNode expected = golden.Expected["cases"]![index]!;
        string options = $$$"""{"weighting":[{"focal":{"alpha":{{{Text(expected["alpha"])}}},"gamma":{{{Text(expected["gamma"])}}},"detach-weight":{{{(detached ? "true" : "false")}}}}}]}""";
        AssertAnswer(golden, options, expected["loss"]!, expected[detached ? "grad_detached_weight" : "grad_through_weight"]!);
    }

    [TestCase("model-to-uniform", "p_to_uniform")]
    [TestCase("uniform-to-model", "uniform_to_p")]
    public void A_divergence_from_uniform_equals_the_enumeration(string direction, string name)
    {
        GoldenCase golden = GoldenCase.Read("derived_label_smoothing");
        string options = $$$"""{"auxiliary":[{"uniform-kl":{"alpha":0.1,"direction":"{{{direction}}}"}}]}""";
        AssertAnswer(golden, options, golden.Expected[$"loss_kl_{name}"]!, golden.Expected[$"grad_kl_{name}"]!);
    }

    // The golden value is the cross-entropy with γ'; ours is less by the entropy of the alignment.
    [Test]
    public void Smoothed_targets_equal_the_enumeration()
    {
        GoldenCase golden = GoldenCase.Read("derived_label_smoothing");
        var objective = (JsonObject)JsonNode.Parse("""{"targets":[{"label-smoothing":{"epsilon":0.1}}]}""")!;
        JsonNode answer = LossInProcess.Ask(GoldenRequest.Of(golden, objective, "target", "gradient", "loss", "entropy"));
        double[] value = [.. LossInProcess.Numbers(answer["loss"]).Zip(LossInProcess.Numbers(answer["entropy"]), (loss, entropy) => loss + entropy)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(value, Is.EqualTo(LossInProcess.Numbers(golden.Expected["ce_value"])).Within(golden.Tolerance("loss_abs")));
            Assert.That(
                LossInProcess.Numbers(answer["target"]),
                Is.EqualTo(LossInProcess.Numbers(golden.Expected["smoothed_target"])).Within(golden.Tolerance("grad_abs")));
            Assert.That(
                LossInProcess.Numbers(answer["gradient"]),
                Is.EqualTo(LossInProcess.Numbers(golden.Expected["grad_target_smoothing"])).Within(golden.Tolerance("grad_abs")));
        }
    }

    [Test]
    public void A_given_label_prior_equals_the_enumeration()
    {
        GoldenCase golden = GoldenCase.Read("derived_label_prior");
        string options = $$$"""{"emissions":[{"label-prior":{"scale":{{{Text(golden.Parameters["alpha"])}}},"prior":{{{golden.Parameters["prior"]!.ToJsonString()}}}}}]}""";
        AssertAnswer(golden, options, golden.Expected["loss"]!, golden.Expected["grad_logits"]!);
    }

    [TestCase("no-blank", "noblank_noskip")]
    [TestCase("modified", "modified")]
    [TestCase("selfless", "selfless")]
    public void Other_topologies_equal_a_walk_over_their_arcs(string topology, string name)
    {
        GoldenCase golden = GoldenCase.Read("derived_topologies");
        AssertAnswer(golden, $$"""{"topology":"{{topology}}"}""", golden.Expected[name]!["loss"]!, golden.Expected[name]!["grad_logits"]!);
    }

    [Test]
    public void A_topology_without_blank_takes_null_for_it()
    {
        const string Request =
            """{"inputs":[[[0,1]],[[1,0]],[[1,1]]],"targets":[[0,1]],"blank":null,"objective":{"topology":"no-blank"},"outputs":["viterbi"]}""";
        Assert.That(LossInProcess.Ask(JsonNode.Parse(Request)!).ToJsonString(), Is.EqualTo("""{"viterbi":[[0,0,1]]}"""));
    }

    [TestCase("false", "unnormalised")]
    [TestCase("true", "renormalised")]
    public void A_blank_penalty_equals_the_enumeration(string renormalise, string name)
    {
        GoldenCase golden = GoldenCase.Read("derived_blank_penalty");
        string options =
            $$$"""{"emissions":[{"blank-penalty":{"lambda":{{{Text(golden.Parameters["penalty"])}}},"renormalise":{{{renormalise}}}}}]}""";
        AssertAnswer(golden, options, golden.Expected[$"loss_{name}"]!, golden.Expected[$"grad_{name}"]!);
    }

    [Test]
    public void The_rarity_of_tokens_is_that_in_the_batch()
    {
        const string Two = """{"inputs":[[[0,0,0],[0,0,0],[0,0,0]]],"targets":[[1],[1],[2]],"outputs":["loss"]""";
        double[] plain = LossInProcess.Numbers(LossInProcess.Ask(JsonNode.Parse(Two + "}")!)["loss"]);
        double[] weighed =
            LossInProcess.Numbers(LossInProcess.Ask(JsonNode.Parse(Two + ""","objective":{"weighting":[{"class-rarity":{"power":1}}]}}""")!)["loss"]);
        Assert.That(weighed, Is.EqualTo(plain.Zip([0.75, 0.75, 1.5], (loss, weight) => loss * weight)).Within(1e-14));
    }

    // The output of an emission transform, given as scores; the gradient through the log-softmax is computed here.
    [Test]
    public void A_label_prior_and_a_blank_penalty_can_be_given_as_scores()
    {
        GoldenCase prior = GoldenCase.Read("derived_label_prior");
        double scale = prior.Parameters["alpha"]!.GetValue<double>();
        AssertScores(prior, [.. LossInProcess.Numbers(prior.Parameters["prior"]).Select(p => -scale * Math.Log(p))], "loss", "grad_logits");

        GoldenCase penalty = GoldenCase.Read("derived_blank_penalty");
        AssertScores(penalty, [-penalty.Parameters["penalty"]!.GetValue<double>(), 0, 0, 0], "loss_unnormalised", "grad_unnormalised");
    }

    private static void AssertAnswer(GoldenCase golden, string objective, JsonNode loss, JsonNode gradient)
    {
        JsonNode answer = LossInProcess.Ask(GoldenRequest.Of(golden, (JsonObject)JsonNode.Parse(objective)!));
        Assert.That(LossInProcess.Numbers(answer["loss"]), Is.EqualTo(LossInProcess.Numbers(loss)).Within(golden.Tolerance("loss_abs")));
        Assert.That(LossInProcess.Numbers(answer["gradient"]), Is.EqualTo(LossInProcess.Numbers(gradient)).Within(golden.Tolerance("grad_abs")));
    }

    private static void AssertScores(GoldenCase golden, double[] shift, string loss, string gradient)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logProbs = golden.Inputs.log_softmax(2);
        JsonObject request = GoldenRequest.Of(golden);
        request["inputs"] = LossInProcess.Nest(logProbs + torch.tensor(shift));
        request["input"] = "scores";
        JsonNode answer = LossInProcess.Ask(request);

        Tensor ofScores = torch.tensor(LossInProcess.Numbers(answer["gradient"]), logProbs.shape);
        Tensor ofLogits = ofScores - (logProbs.exp() * ofScores.sum(2, keepdim: true));
        Assert.That(
            LossInProcess.Numbers(answer["loss"]), Is.EqualTo(LossInProcess.Numbers(golden.Expected[loss])).Within(golden.Tolerance("loss_abs")));
        Assert.That(
            ofLogits.data<double>().ToArray(), Is.EqualTo(LossInProcess.Numbers(golden.Expected[gradient])).Within(golden.Tolerance("grad_abs")));
    }

    private static string Text(JsonNode? number) => number!.GetValue<double>().ToString(CultureInfo.InvariantCulture);
}
