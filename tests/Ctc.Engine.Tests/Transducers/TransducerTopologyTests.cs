using Ctc.Engine.Decoding;
using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Engine.Transducers;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Transducers;

[NoTensorLeaks]
public class TransducerTopologyTests
{
    private const int Tokens = 3, Blank = 1, Width = 4;

    private static readonly Batch Ragged = new([[2, 2, 0], [], [0], [2]], [3, 2, 1, 0], Tokens, Blank);

    // The beam steps through managed copies of the weights, token by token; the likelihood is that of torch's LSTM over the whole target.
    [Test]
    public void A_beam_of_all_sequences_gives_the_likelihood_of_each()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TransducerTopology transducer = Create(torch.float64);
        Tensor encoded = Draw([3, 4, Width], torch.float64);
        TransducerReading reading = transducer.Open(encoded, Ragged, null);
        IReadOnlyList<IReadOnlyList<Hypothesis>> all =
            reading.Decode(utterance => TransducerDecoder.Beam(utterance, int.MaxValue, Blank, tokensPerFrame: 3));
        foreach (long[] target in (long[][])[[], [0], [2], [2, 2, 0], [0, 2], [2, 0, 0]])
        {
            var batch = new Batch([target, target, target], [3, 2, 1], Tokens, Blank);
            double[] expected =
                [.. TransducerRecursion.LogLikelihoodFromJoint(batch, transducer.Join(encoded.narrow(1, 0, 3), batch)).data<double>()];
            for (int b = 0; b < 3; b++)
            {
                Hypothesis own = all[b].Single(found => found.Tokens.SequenceEqual(target));
                Assert.That(own.Score, Is.EqualTo(expected[b]).Within(1e-9), $"utterance {b}: {string.Join(' ', target)}");
            }
        }

        Assert.That(all[3].Single().Tokens, Is.Empty, "an utterance of no frames");
    }

    [Test]
    public void The_objective_is_the_mean_of_the_likelihoods_and_teaches_encoder_and_networks()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TransducerTopology transducer = Create(torch.float64, new TransducerOptions { Joint = Width, Embedding = 2, Hidden = 3 });
        using var objective = new Objective(new ObjectiveParts { Topology = transducer }, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor encoded = Draw([3, 4, Width], torch.float64);
        encoded[2].narrow(0, 1, 3).fill_(double.NaN); // padding
        encoded.requires_grad_();
        using ObjectiveResult result = objective.Evaluate(encoded, Ragged);
        Assert.That(result.Infeasible, Is.EqualTo(new[] { 3 }));
        double expected = -TransducerRecursion.LogLikelihoodFromJoint(Ragged, transducer.Join(encoded, Ragged)).narrow(0, 0, 3).sum().ToDouble();
        Assert.That(result.Loss.ToDouble(), Is.EqualTo(expected).Within(1e-12));

        result.Loss.backward();
        Assert.That(encoded.grad!.isfinite().all().item<bool>(), Is.True);
        Assert.That(objective.named_parameters().Count(), Is.EqualTo(9), "embedding, four of the LSTM, and weight and bias of two layers");
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in objective.named_parameters())
        {
            Tensor Loss(Tensor value)
            {
                using var withoutGradient = torch.no_grad();
                Tensor before = parameter.clone();
                parameter.copy_(value);
                Tensor loss = objective.Evaluate(encoded.detach(), Ragged).Loss;
                parameter.copy_(before);
                return loss;
            }

            Assert.That(Distance.Between(parameter.grad!, FiniteDifferences.Gradient(Loss, parameter.detach().clone())), Is.LessThan(1e-7), name);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Best_path_reads_greedily_and_sees_no_targets(bool isMonotonic)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var options = new TransducerOptions { Joint = Width, Embedding = 2, Hidden = 3, Monotonic = isMonotonic };
        TransducerTopology transducer = Create(torch.float32, options);
        using var objective = new Objective(new ObjectiveParts { Topology = transducer });
        Tensor encoded = Draw([3, 4, Width], torch.float32) * 5;
        TransducerReading reading = transducer.Open(encoded, Ragged, null);
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = objective.Decode(new EncoderOutput(encoded), Ragged);
        IReadOnlyList<IReadOnlyList<Hypothesis>> greedy = reading.Decode(utterance =>
        {
            var path = TransducerDecoder.Greedy(utterance, Blank, TransducerDecoder.DefaultTokensPerFrame, isMonotonic);
            if (isMonotonic) Assert.That(path.Frames, Is.Unique, "one token in a frame");
            return [new Hypothesis(path.Tokens, path.Score) { Frames = path.Frames }];
        });
        Assert.That(read.Select(best => best[0].Tokens), Is.EqualTo(greedy.Select(best => best[0].Tokens)));
        Assert.That(read.Select(best => best[0].Score), Is.EqualTo(greedy.Select(best => best[0].Score)));
        Assert.That(read.Select(best => best[0].Frames), Is.EqualTo(greedy.Select(best => best[0].Frames)));
        Assert.That(read.Any(best => best[0].Tokens.Length > 0), Is.True);
    }

    [Test]
    public void FastEmit_changes_gradients_alone_and_may_be_scheduled()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Schedule late = new StepSchedule { Values = [0, 0.5], Starts = [new TrainingTime(1, TrainingUnit.Epochs)] };
        TransducerTopology transducer = Create(torch.float64, new TransducerOptions { Joint = Width, FastEmit = late });
        using var objective = new Objective(new ObjectiveParts { Topology = transducer }, infeasible: InfeasiblePolicy.Zero);
        Tensor encoded = Draw([3, 4, Width], torch.float64);
        (double before, Tensor plain) = At(new Progress(0, 0, Training: true));
        (double after, Tensor eager) = At(new Progress(10, 2, Training: true));
        Assert.That(after, Is.EqualTo(before));
        Assert.That(Distance.Between(plain, eager), Is.GreaterThan(1e-3));

        (double, Tensor) At(Progress progress)
        {
            Tensor leaf = encoded.detach().clone().requires_grad_();
            var batch = new Batch(Ragged.Targets, Ragged.Frames, Ragged.Vocabulary, progress, null, null);
            using ObjectiveResult result = objective.Evaluate(leaf, batch);
            result.Loss.backward();
            return (result.Loss.ToDouble(), leaf.grad!);
        }
    }

    [Test]
    public void Only_an_empty_target_fits_no_frames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TransducerTopology transducer = Create(torch.float32);
        Assert.That(FewestFrames.Find(transducer, Ragged), Is.EqualTo(new[] { 1, 0, 1, 1 }));
    }

    [Test]
    public void The_monotonic_form_needs_a_frame_for_each_token()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TransducerTopology transducer = Create(torch.float32, new TransducerOptions { Monotonic = true });
        Assert.That(FewestFrames.Find(transducer, Ragged), Is.EqualTo(new[] { 3, 0, 1, 1 }));
    }

    [Test]
    public void An_encoder_of_another_width_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Topology = Create(torch.float32) });
        Assert.That(objective.FindWidth(new Vocabulary(Tokens, Blank)), Is.EqualTo(Width));
        Assert.That(
            () => objective.Evaluate(torch.zeros(3, 4, Tokens), Ragged),
            Throws.ArgumentException.With.Message.Contains("The encoder gives [3, 4, 3]; expected [T, B, 4], the width of the joint network."));
    }

    /// <summary>Networks with weights from a seed.</summary>
    internal static TransducerTopology Create(torch.ScalarType type, TransducerOptions? options = null)
    {
        torch.random.manual_seed(1);
        var transducer = new TransducerTopology(options ?? new TransducerOptions { Joint = Width, Embedding = 2, Hidden = 3 });
        transducer.Begin(new TrainingSet([], [], new Vocabulary(Tokens, Blank)));
        transducer.to(type);
        using var withoutGradient = torch.no_grad();
        foreach (TorchSharp.Modules.Parameter weight in transducer.parameters()) weight.mul_(2.0);
        return transducer;
    }

    private static Tensor Draw(long[] shape, torch.ScalarType type) => torch.randn(shape, type, generator: new torch.Generator(2));
}
