using System.Text;
using System.Text.Json.Nodes;
using Ctc.Cli.Commands.Loss;
using Ctc.Experiments;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp.Modules;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Learned scores of a part that is not shipped: their values come from the request, their gradients are in the answer.</summary>
[NoTensorLeaks]
public class LossParameterTests
{
    private const string Request = "\"inputs\":[[[0,0]],[[0,0]]],\"targets\":[[1]],\"objective\":{\"lattice\":[\"learned-starts\"]}";

    private static readonly PartCatalog Parts = new ServiceCollection().AddCtcExperiments()
        .AddCtcPart<ILatticeTransform, LearnedStarts>(_ => new LearnedStarts()).BuildServiceProvider().GetRequiredService<PartCatalog>();

    [Test]
    public void The_gradient_of_a_learned_score_is_in_the_answer([Values("fused", "differentiable")] string recursion)
    {
        // Three paths: 1 1 and 1 – start with the token, – 1 with the blank.
        JsonNode answer = Ask($"\"recursion\":\"{recursion}\",\"outputs\":[\"loss\",\"parameters\",\"gradient\"]");
        double[] gradient = LossInProcess.Numbers(answer["parameters"]!["lattice-learned-starts.scores"]);
        Assert.That(LossInProcess.Numbers(answer["loss"])[0], Is.EqualTo(-Math.Log(3 / 4.0)).Within(1e-12));
        Assert.That(gradient, Is.EqualTo(new[] { -1 / 3.0, -2 / 3.0 }).Within(1e-6));
        Assert.That(LossInProcess.Numbers(answer["gradient"]), Has.Length.EqualTo(4));
    }

    [Test]
    public void The_value_of_a_learned_score_is_that_of_the_request([Values("fused", "differentiable")] string recursion)
    {
        JsonNode answer = Ask(
            $"\"recursion\":\"{recursion}\",\"outputs\":[\"loss\",\"parameters\"],\"parameters\":{{\"lattice-learned-starts.scores\":[0.5,-1]}}");
        double blank = Math.Exp(0.5), token = 2 * Math.Exp(-1);
        Assert.That(LossInProcess.Numbers(answer["loss"])[0], Is.EqualTo(-Math.Log((blank + token) / 4)).Within(1e-6));
        Assert.That(
            LossInProcess.Numbers(answer["parameters"]!["lattice-learned-starts.scores"]),
            Is.EqualTo(new[] { -blank / (blank + token), -token / (blank + token) }).Within(1e-6));
    }

    [TestCase("{\"lattice-learned-start.scores\":[0,0]}",
        "parameters: unknown name 'lattice-learned-start.scores'; did you mean 'lattice-learned-starts.scores'?")]
    [TestCase("{\"lattice-learned-starts.scores\":[0]}",
        "parameters.lattice-learned-starts.scores: 1 items; expected 2 numbers, of the shape [2]")]
    [TestCase("{\"lattice-learned-starts.scores\":[0,\"nan\"]}", "parameters.lattice-learned-starts.scores[1]: \"nan\"; expected a finite number")]
    [TestCase("{\"a\":1,\"a\":2}", "parameters: 'a' occurs twice; expected it once")]
    public void A_wrong_name_or_shape(string parameters, string sentence) =>
        Assert.That(Answer($"\"parameters\":{parameters}")["error"]!.GetValue<string>(), Is.EqualTo(sentence));

    [Test]
    public void An_objective_without_learned_scores_has_none() =>
        Assert.That(
            LossInProcess.Ask(JsonNode.Parse("""{"inputs":[[[0,0]]],"targets":[[1]],"outputs":["parameters"],"parameters":{}}""")!).ToJsonString(),
            Is.EqualTo("""{"parameters":{}}"""));

    private static JsonNode Ask(string members)
    {
        JsonNode answer = Answer(members);
        Assert.That(answer["error"], Is.Null, answer.ToJsonString());
        return answer;
    }

    private static JsonNode Answer(string members)
    {
        LossLine line = new LossRequests(Parts).Answer(Encoding.UTF8.GetBytes($"{{{Request},{members}}}"), "test", ".").Single();
        return JsonNode.Parse(line.Json.Span)!;
    }

    [Part("learned-starts", Summary = "Scores the first state of a path.")]
    private sealed class LearnedStarts : torch.nn.Module, ILatticeTransform
    {
        private readonly Parameter scores = new(torch.zeros(2));

        public LearnedStarts()
            : base(nameof(LearnedStarts)) => register_parameter(nameof(scores), scores);

        // The first two states are the blank and the first token.
        public Lattice Transform(Lattice numerator, Batch batch)
        {
            Tensor rest = torch.zeros([numerator.Initial.shape[1] - 2], numerator.Initial.dtype);
            return numerator.WithInitial(numerator.Initial + torch.cat([scores.to(numerator.Initial.dtype), rest]));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) scores.Dispose();
            base.Dispose(disposing);
        }
    }
}
