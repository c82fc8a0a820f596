using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>The edge cases of torch's own suite, read from its list.</summary>
[NoTensorLeaks]
public class LossEdgeTests
{
    [TestCase("test_CTCLoss_zero_lengths a")]
    [TestCase("test_CTCLoss_zero_lengths b")]
    public void No_frames_say_an_empty_target_and_nothing_else(string name)
    {
        JsonNode one = Case(name);
        int size = one["N"]!.GetValue<int>();
        JsonObject request = Random(one["T"]!.GetValue<int>(), size, one["C"]!.GetValue<int>());
        request["input_lengths"] = one["input_lengths"]!.DeepClone();
        request["targets"] = Targets(GoldenCase.Numbers<int>(one["target_lengths"]!), _ => 1);
        JsonNode answer = LossInProcess.Ask(request);
        double[] expected =
            [.. one["loss"]!.AsArray().Select(loss => loss!.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.PositiveInfinity : 0)];
        Assert.That(LossInProcess.Numbers(answer["loss"]), Is.EqualTo(expected));
        Assert.That(LossInProcess.Numbers(answer["gradient"]), Is.All.Zero);
    }

    [TestCase(new[] { 0, 0, 0 })]
    [TestCase(new[] { 0, 9, 0 })]
    public void An_empty_target_costs_its_blanks(int[] lengths)
    {
        Assert.That(Case("empty target")["loss"]!.GetValue<string>(), Is.EqualTo("-sum_t log_probs[t, n, blank] over the input length"));
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([50, 3, 15], torch.float64, generator: new torch.Generator(1));
        double[] loss = LossInProcess.Numbers(LossInProcess.Ask(new JsonObject
        {
            ["inputs"] = LossInProcess.Nest(logits),
            ["targets"] = Targets(lengths, _ => 3),
        })["loss"]);
        Tensor blanks = -logits.log_softmax(2)[.., .., 0].sum([0]);
        for (int b = 0; b < 3; b++)
        {
            if (lengths[b] == 0) Assert.That(loss[b], Is.EqualTo(blanks[b].ToDouble()).Within(1e-11));
        }
    }

    [Test]
    public void An_infeasible_utterance_can_count_as_zero()
    {
        JsonNode one = Case("zero_infinity"), repeated = Case("zero_infinity repeated");
        JsonObject request = Random(one["T"]!.GetValue<int>(), one["N"]!.GetValue<int>(), one["C"]!.GetValue<int>());
        request["targets"] = Targets(GoldenCase.Numbers<int>(one["target_lengths"]!), u => 1 + (u % 14));
        request["objective"] = new JsonObject { ["infeasible"] = "zero" };
        JsonNode answer = LossInProcess.Ask(request);
        Assert.That(LossInProcess.Numbers(answer["loss"]).Select(loss => loss > 0), Is.EqualTo(new[] { false, true, true }));
        Assert.That(answer["gradient"]!.AsArray().SelectMany(frame => LossInProcess.Numbers(frame![0])), Is.All.Zero);

        JsonNode two = LossInProcess.Ask(JsonNode.Parse("""{"inputs":[[[0,0,0]],[[0,0,0]]],"targets":[[1,1]]}""")!);
        Assert.That(repeated["loss"]!.GetValue<string>(), Is.EqualTo("Infinity"));
        Assert.That(LossInProcess.Numbers(two["loss"]), Is.EqualTo(new[] { double.PositiveInfinity }));
        Assert.That(LossInProcess.Numbers(two["gradient"]), Is.All.Zero);
    }

    [TestCase(
        "input_lengths", "[1.5]",
        "input_lengths[0]: 1.5; expected a whole number, written without a decimal point or an exponent: 0 to 2, the frames of the inputs")]
    [TestCase(
        "target_lengths", "[1.0]", "target_lengths[0]: 1.0; expected a whole number, written without a decimal point or an exponent: 0 or more")]
    [TestCase("input_lengths", "[-1]", "input_lengths[0]: -1; expected 0 to 2, the frames of the inputs")]
    [TestCase("input_lengths", "[3]", "input_lengths[0]: 3; expected 0 to 2, the frames of the inputs")]
    [TestCase("target_lengths", "[30]", "target_lengths[0]: 30; expected 0 to 1, the tokens of targets[0]")]
    public void Lengths_are_whole_and_within_what_they_measure(string key, string value, string sentence)
    {
        Assert.That(Case("typechecks")["expect"]!.GetValue<string>(), Does.Contain("refused"));
        Assert.That(LossInProcess.Refusal($$"""{"inputs":[[[0,0]],[[0,0]]],"targets":[[1]],"{{key}}":{{value}}}"""), Is.EqualTo(sentence));
    }

    [Test]
    public void A_target_of_256_tokens_is_like_any_other()
    {
        JsonNode one = Case("critical_target_len");
        int frames = one["T"]!.GetValue<int>(), length = one["target_length"]!.GetValue<int>();
        JsonObject request = Random(frames, one["N"]!.GetValue<int>(), one["C"]!.GetValue<int>());
        request["targets"] = Targets([length], u => 1 + (u % 9));
        double wide = LossInProcess.Numbers(LossInProcess.Ask(request)["loss"])[0];
        request["dtype"] = "float32";
        Assert.That(LossInProcess.Numbers(LossInProcess.Ask(request)["loss"])[0], Is.EqualTo(wide).Within(1e-3));
    }

    [Test, Explicit("seconds, and gigabytes"), Category("Long")]
    public void Long_targets_of_one_token_that_repeats()
    {
        JsonNode one = Case("long_targets");
        int frames = one["T"]!.GetValue<int>(), length = one["target_length"]!.GetValue<int>();
        JsonObject request = Random(frames, 1, one["C"]!.GetValue<int>());
        request["targets"] = Targets([length], _ => 1);
        JsonNode answer = LossInProcess.Ask(request);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.tensor(LossInProcess.Numbers(request["inputs"]), [frames, 1, 3]).requires_grad_();
        Tensor target = torch.ones([1, length], torch.int64), lengths = torch.tensor([(long)frames]), targetLengths = torch.tensor([(long)length]);
        Tensor builtIn = torch.nn.functional.ctc_loss(logits.log_softmax(2), target, lengths, targetLengths, reduction: torch.nn.Reduction.Sum);
        builtIn.backward();
        Assert.That(LossInProcess.Numbers(answer["loss"])[0], Is.EqualTo(builtIn.ToDouble()).Within(1e-4));
        Assert.That(LossInProcess.Numbers(answer["gradient"]), Is.EqualTo(logits.grad!.data<double>().ToArray()).Within(1e-4));
    }

    [Test]
    public void NaN_in_a_frame_that_is_read_comes_out_as_NaN()
    {
        JsonNode answer = LossInProcess.Ask(JsonNode.Parse("""
            {"inputs":[[[0,"nan"],[0,0]],[[0,0],["nan","inf"]]],"targets":[[1],[1]],"input_lengths":[2,1],
             "outputs":["loss","gradient","viterbi","infeasible"]}
            """)!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(LossInProcess.Numbers(answer["loss"]), Is.EqualTo(new[] { double.NaN, Math.Log(2) }).Within(1e-15));
            Assert.That(answer["viterbi"]!.ToJsonString(), Is.EqualTo("[null,[1]]"));
            Assert.That(LossInProcess.Numbers(answer["gradient"]![1]![1]), Is.All.Zero, "padding");
            Assert.That(LossInProcess.Numbers(answer["infeasible"]), Is.Empty);
        }
    }

    [Test]
    public void A_frame_whose_logits_are_all_minus_infinity_is_infeasible([Values("fused", "differentiable")] string recursion)
    {
        JsonNode answer = LossInProcess.Ask(JsonNode.Parse($$"""
            {"inputs":[[["-inf","-inf"],[0,0]]],"targets":[[1],[1]],"recursion":"{{recursion}}","outputs":["loss","gradient","infeasible","viterbi"]}
            """)!);
        string loss = answer["loss"]!.ToJsonString();
        Assert.That(loss, Does.StartWith("[\"inf\",0.693"));
        Assert.That(LossInProcess.Numbers(answer["gradient"]![0]![0]), Is.All.Zero);
        Assert.That(answer["infeasible"]!.ToJsonString() + answer["viterbi"]!.ToJsonString(), Is.EqualTo("[0][null,[1]]"));
    }

    [TestCase("[]", "TBV", "[0,2,3]", "[]")]
    [TestCase("[[],[]]", "BTV", "[0,2,3]", "[[],[]]")]
    public void Inputs_without_frames_have_a_shape(string inputs, string layout, string shape, string gradient)
    {
        JsonNode answer =
            LossInProcess.Ask(JsonNode.Parse($$"""{"inputs":{{inputs}},"layout":"{{layout}}","shape":{{shape}},"targets":[[],[1]]}""")!);
        Assert.That(answer.ToJsonString(), Is.EqualTo($$"""{"loss":[0,"inf"],"gradient":{{gradient}}}"""));
    }

    [Test]
    public void Nobody_is_no_error()
    {
        JsonNode answer = LossInProcess.Ask(JsonNode.Parse("""
            {"inputs":[[],[]],"shape":[2,0,3],"targets":[],"outputs":["loss","reduced","occupancy","viterbi","infeasible"],"objective":{"reduction":"sum"}}
            """)!);
        Assert.That(answer.ToJsonString(), Is.EqualTo("""{"loss":[],"reduced":0,"occupancy":[[],[]],"viterbi":[],"infeasible":[]}"""));
    }

    private static JsonNode Case(string name) =>
        GoldenCase.Read("pytorch_edge_cases")["cases"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;

    private static JsonArray Targets(IEnumerable<int> lengths, Func<int, int> token) =>
        new([.. lengths.Select(length => new JsonArray([.. Enumerable.Range(0, length).Select(u => JsonValue.Create(token(u)))]))]);

    private static JsonObject Random(int frames, int size, int tokens)
    {
        var random = new Random(7);
        double[] numbers = [.. Enumerable.Range(0, frames * size * tokens).Select(_ => random.NextDouble())];
        return new JsonObject { ["inputs"] = LossInProcess.Nest(numbers, [frames, size, tokens]) };
    }
}
