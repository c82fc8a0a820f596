using System.Text.Json.Nodes;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>The command prints the numbers of the engine, for every layout, kind of input, type and output.</summary>
[NoTensorLeaks]
public class LossObjectiveTests
{
    private static readonly string[] Objectives =
    [
        "{}",
        """{"targets":["reweighting","label-smoothing"],"weighting":["focal"],"auxiliary":["uniform-kl"],"reduction":"mean","infeasible":"drop"}""",
        """{"weighting":[{"focal":{"gamma":2}}],"reduction":"mean-frame","infeasible":"zero"}""",
        """{"emissions":["temperature","blank-penalty"],"lattice":["delay-penalty"],"auxiliary":["peak-first","entropy"],"weighting":["length"],"reduction":"sum","infeasible":"inf"}""",
    ];

    [Test]
    public void The_word_none_is_quoted_in_JSON_and_switches_off_as_in_YAML()
    {
        JsonNode Ask(string balance) => LossInProcess.Ask(JsonNode.Parse(
            "{\"inputs\":[[[0,1]],[[2,0]]],\"targets\":[[1]],\"objective\":" +
            $"{{\"targets\":[{{\"reweighting\":{{\"balance\":{balance},\"key-frames\":0}}}}]}}," +
            "\"outputs\":[\"target\",\"occupancy\"]}")!);
        JsonNode off = Ask("\"none\"");
        Assert.That(off["target"]!.ToJsonString(), Is.EqualTo(off["occupancy"]!.ToJsonString()), "the neutral setting");
        Assert.That(off.ToJsonString(), Is.EqualTo(Ask("null").ToJsonString()));
        Assert.That(off.ToJsonString(), Is.Not.EqualTo(Ask("0.5").ToJsonString()));
    }

    [Test]
    [Category("Slow")]
    public void Answers_are_those_of_the_objective(
        [Range(0, 11)] int seed,
        [Values("TBV", "BTV")] string layout,
        [Values("logits", "log-probs", "probs", "scores")] string input,
        [Values("float64", "float32")] string type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        string configuration = Objectives[seed % Objectives.Length];
        Tensor given = input switch { "log-probs" => random.Logits.log_softmax(2), "probs" => random.Logits.softmax(2), _ => random.Logits };
        RecursionKind recursion = (RecursionKind)(seed / Objectives.Length);
        JsonNode answer = LossInProcess.Ask(Request(random, given, layout, input, type, configuration, recursion.ToString().ToLowerInvariant()));

        Tensor typed =
            given.to(type == "float64" ? torch.float64 : torch.float32), leaf = (input == "probs" ? typed.log() : typed.clone()).requires_grad_();
        InputKind kind = input switch { "logits" => InputKind.Logits, "scores" => InputKind.Scores, _ => InputKind.LogProbs };
        ObjectiveConfiguration read = ObjectiveConfiguration.Parse(configuration, "objective", ".", LossInProcess.Parts);
        if (configuration == "{}") read = read with { Reduction = Reduction.None, Infeasible = InfeasiblePolicy.Inf };
        using Objective objective = read.Create(recursion);
        ObjectiveResult result = objective.Evaluate(leaf, random.Batch, kind);
        result.Loss.sum().backward();
        Tensor gradient = input == "probs" ? leaf.grad! / leaf.detach().exp() : leaf.grad!;
        BatchEvaluation lattice = objective.Inspect(leaf.detach(), random.Batch, kind);

        using (Assert.EnterMultipleScope())
        {
            AssertSame(answer["loss"], result.PerUtterance);
            if (read.Reduction == Reduction.None) Assert.That(answer["reduced"], Is.Null);
            else AssertSame(answer["reduced"], result.Loss);
            AssertSame(answer["log_likelihood"], lattice.LogLikelihood);
            AssertSame(answer["gradient"], ToLayout(gradient));
            AssertSame(answer["occupancy"], ToLayout(lattice.Occupancy));
            AssertSame(answer["target"], ToLayout(lattice.Targets.Shares));
            AssertSame(answer["viterbi_score"], lattice.ViterbiScore);
            AssertSame(answer["entropy"], lattice.Entropy);
            Assert.That(LossInProcess.Numbers(answer["infeasible"]), Is.EqualTo(result.Infeasible));
            Assert.That(answer["parameters"]!.ToJsonString(), Is.EqualTo("{}"));
            for (int b = 0; b < random.Batch.Size; b++)
            {
                long[] path = [.. Enumerable.Range(0, (int)random.Batch.Frames[b]).Select(t => lattice.ViterbiPath[t, b].item<long>())];
                if (result.Infeasible.Contains(b)) Assert.That(answer["viterbi"]![b], Is.Null);
                else Assert.That(LossInProcess.Numbers(answer["viterbi"]![b]), Is.EqualTo(path));
            }
        }

        Tensor ToLayout(Tensor values) => layout == "TBV" ? values : values.transpose(0, 1);
    }

    [Test]
    public void Log_probabilities_are_as_good_as_logits_and_the_gradient_of_plain_CTC_is_minus_the_occupancy([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        JsonNode logits = LossInProcess.Ask(Request(random, random.Logits, "TBV", "logits", "float64", "{}"));
        JsonNode logProbs = LossInProcess.Ask(Request(random, random.Logits.log_softmax(2), "TBV", "log-probs", "float64", "{}"));
        Assert.That(LossInProcess.Numbers(logProbs["loss"]), Is.EqualTo(LossInProcess.Numbers(logits["loss"])).Within(1e-13));
        Assert.That(
            LossInProcess.Numbers(logProbs["gradient"]),
            Is.EqualTo(LossInProcess.Numbers(logits["occupancy"]).Select(share => -share)).Within(1e-13));
    }

    // Evaluated by the command itself. Without target transforms, whose γ and γ' are detached.
    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences(
        [Range(0, 7)] int seed,
        [Values("logits", "log-probs", "probs", "scores")] string input,
        [Values("{}", """{"weighting":[{"focal":{"gamma":2}}],"auxiliary":["uniform-kl"],"reduction":"mean","infeasible":"zero"}""")] string objective)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor given = input switch { "log-probs" => random.Logits.log_softmax(2), "probs" => random.Logits.softmax(2), _ => random.Logits };
        double[] gradient = LossInProcess.Numbers(LossInProcess.Ask(Request(random, given, "TBV", input, "float64", objective))["gradient"]);
        Tensor differences = FiniteDifferences.Gradient(
            moved =>
            {
                JsonNode answer = LossInProcess.Ask(Request(random, moved, "TBV", input, "float64", objective));
                return torch.tensor(
                    answer["reduced"] is { } reduced
                        ? LossInProcess.Numbers(reduced)[0]
                        : LossInProcess.Numbers(answer["loss"]).Where(double.IsFinite).Sum());
            },
            given,
            step: input == "probs" ? 1e-6 : 1e-5); // the error grows with step²/p³
        Assert.That(gradient, Is.EqualTo(differences.data<double>().ToArray()).Within(1e-7));
    }

    [Test]
    public void A_weighting_sees_the_likelihood_of_renormalised_scores([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        const string Focal = """{"weighting":[{"focal":{"alpha":1,"gamma":2}}],"infeasible":"zero"}""", Plain = """{"infeasible":"zero"}""";
        double[] Loss(string input, string objective) =>
            LossInProcess.Numbers(LossInProcess.Ask(Request(random, random.Logits, "TBV", input, "float64", objective))["loss"]);
        double[] plain = Loss("scores", Plain), weighed = Loss("scores", Focal), renormalised = Loss("logits", Plain);
        Assert.That(weighed, Is.EqualTo(plain.Zip(renormalised, (loss, seen) => Math.Pow(1 - Math.Exp(-seen), 2) * loss)).Within(1e-12));
    }

    private static JsonObject Request(RandomCase random, Tensor given, string layout, string input, string type, string objective,
        string recursion = "fused") =>
        new()
    {
        ["layout"] = layout,
        ["inputs"] = LossInProcess.Nest(layout == "TBV" ? given : given.transpose(0, 1)),
        ["input"] = input,
        ["dtype"] = type,
        ["recursion"] = recursion,
        ["blank"] = random.Batch.Blank,
        ["input_lengths"] = LossInProcess.Lengths(random.Batch),
        ["targets"] = LossInProcess.Targets(random.Batch),
        ["objective"] = JsonNode.Parse(objective),
        ["outputs"] = new JsonArray(
            "loss",
            "reduced",
            "log_likelihood",
            "gradient",
            "occupancy",
            "target",
            "viterbi",
            "viterbi_score",
            "entropy",
            "infeasible",
            "parameters"),
    };

    // To the last bit, −0 and 0 alike.
    private static void AssertSame(JsonNode? answer, Tensor expected)
    {
        double[] numbers = expected.detach().to(torch.float64).contiguous().flatten().data<double>().ToArray();
        double[] said = LossInProcess.Numbers(answer);
        if (expected.dtype == torch.ScalarType.Float32) said = [.. said.Select(number => (double)(float)number)];
        Assert.That(said, Is.EqualTo(numbers));
    }
}
