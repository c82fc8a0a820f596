using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Plain CTC on the numbers of public suites, each within its own tolerance.</summary>
[NoTensorLeaks]
public class LossGoldenTests
{
    [TestCase("warpctc_small")]
    [TestCase("k2_case1_uniform")]
    [TestCase("k2_case2_repeat_cc")]
    [TestCase("k2_case3_bc")]
    [TestCase("gtn_ctc_uniform")]
    [TestCase("gtn_ctc_trivial_neginf")]
    [TestCase("keras_ctc_loss")]
    [TestCase("end2end_medium_batch")]
    [TestCase("end2end_empty_target")]
    [TestCase("tf_single_class_blank_only")]
    public void Loss_and_gradient_are_those_of_public_suites(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        foreach (string recursion in new[] { "fused", "differentiable" }) AssertIsThatOf(golden, recursion);
    }

    private static void AssertIsThatOf(GoldenCase golden, string recursion)
    {
        JsonObject request = GoldenRequest.Of(golden);
        request["recursion"] = recursion;
        JsonNode answer = LossInProcess.Ask(request);

        bool loose = golden["tolerance"]!["abs"] is not null;
        Assert.That(
            LossInProcess.Numbers(answer["loss"]),
            Is.EqualTo(LossInProcess.Numbers(golden.Expected["loss"])).Within(golden.Tolerance(loose ? "abs" : "loss_abs")));
        if (golden.Expected["grad"] is { } gradient)
        {
            Assert.That(
                LossInProcess.Numbers(answer["gradient"]),
                Is.EqualTo(LossInProcess.Numbers(gradient)).Within(golden.Tolerance(loose ? "abs" : "grad_abs")));
        }

        Assert.That(LossInProcess.Numbers(answer["gradient"]).All(double.IsFinite));
    }

    [Test]
    public void Padded_targets_with_lengths_are_read_to_their_length()
    {
        GoldenCase golden = GoldenCase.Read("keras_ctc_loss");
        JsonObject request = GoldenRequest.Of(golden);
        request["targets"] = golden["padded_targets"]!.DeepClone();
        request["target_lengths"] = golden["target_lengths"]!.DeepClone();
        Assert.That(
            LossInProcess.Numbers(LossInProcess.Ask(request)["loss"]),
            Is.EqualTo(LossInProcess.Numbers(golden.Expected["loss"])).Within(golden.Tolerance("loss_abs")));
    }

    [Test]
    public void The_gradient_with_respect_to_log_probabilities_is_the_true_one()
    {
        GoldenCase golden = GoldenCase.Read("pytorch_issue181534_true_gradient");
        JsonNode answer = LossInProcess.Ask(GoldenRequest.Of(golden));
        Assert.That(
            LossInProcess.Numbers(answer["loss"]), Is.EqualTo(LossInProcess.Numbers(golden.Expected["loss"])).Within(golden.Tolerance("exact_abs")));
        Assert.That(
            LossInProcess.Numbers(answer["gradient"]),
            Is.EqualTo(LossInProcess.Numbers(golden.Expected["grad_wrt_log_probs_exact"])).Within(golden.Tolerance("exact_abs")));
        Assert.That(
            LossInProcess.Numbers(answer["gradient"]),
            Is.EqualTo(LossInProcess.Numbers(golden.Expected["numerical_jacobian_wrt_log_probs"])).Within(golden.Tolerance("published_abs")));
    }

    [TestCase("sum", "sum")]
    [TestCase("mean", "mean_pytorch")]
    [TestCase("mean-utterance", "mean_batch")]
    [TestCase("mean-token", "mean_volume")]
    [TestCase("none", null)]
    public void Reductions_do_the_arithmetic_that_their_names_say(string reduction, string? expected)
    {
        GoldenCase golden = GoldenCase.Read("derived_reductions");
        JsonNode answer = LossInProcess.Ask(GoldenRequest.Of(golden, new JsonObject { ["reduction"] = reduction }, "reduced", "loss"));
        Assert.That(
            LossInProcess.Numbers(answer["loss"]), Is.EqualTo(LossInProcess.Numbers(golden.Expected["none"])).Within(golden.Tolerance("abs")));
        if (expected is null) Assert.That(answer["reduced"], Is.Null);
        else Assert.That(
            LossInProcess.Numbers(answer["reduced"]), Is.EqualTo(LossInProcess.Numbers(golden.Expected[expected])).Within(golden.Tolerance("abs")));
    }

    [TestCase("float64", 1e-9)]
    [TestCase("float32", null)]
    public void Thousands_of_frames_neither_underflow_nor_know_the_direction_of_time(string type, double? tighter)
    {
        GoldenCase golden = GoldenCase.Read("lasagne_symmetry_long");
        foreach (JsonNode? one in golden["cases"]!.AsArray())
        {
            var inputs =
                new JsonArray([.. Enumerable.Range(0, one!["T"]!.GetValue<int>()).Select(_ => new JsonArray(golden["frame_probs"]!.DeepClone()))]);
            JsonNode answer = LossInProcess.Ask(new JsonObject
            {
                ["inputs"] = inputs,
                ["input"] = "probs",
                ["dtype"] = type,
                ["blank"] = golden["blank"]!.DeepClone(),
                ["targets"] = new JsonArray(one["targets"]!.DeepClone()),
                ["outputs"] = new JsonArray("loss"),
            });
            double expected = one["loss"]!.GetValue<double>();
            Assert.That(LossInProcess.Numbers(answer["loss"])[0], Is.EqualTo(expected).Within(expected * (tighter ?? golden.Tolerance("loss_rel"))));
        }
    }

    [Test]
    public void A_certain_target_in_single_precision_costs_nothing()
    {
        GoldenCase golden = GoldenCase.Read("optax_issue1771_nonnegative");
        JsonObject request = GoldenRequest.Of(golden);
        request["dtype"] = "float32";
        Assert.That(
            LossInProcess.Numbers(LossInProcess.Ask(request)["loss"]),
            Is.EqualTo(LossInProcess.Numbers(golden.Expected["loss_exact"])).Within(golden.Tolerance("abs")));
    }
}
