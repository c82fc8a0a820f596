using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Topologies whose loss is normalised over a lattice of all paths.</summary>
[NoTensorLeaks]
public class DenominatorTests
{
    [Test]
    public void Over_all_token_sequences_it_normalises_scores_that_are_not([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        var sharper = new ObjectiveParts { Emissions = [new Sharper()] };
        using var plain = new Objective(sharper, Reduction.None, InfeasiblePolicy.Zero);
        using var normalised =
            new Objective(new ObjectiveParts(sharper) { Topology = new Against(weights: null) }, Reduction.None, InfeasiblePolicy.Zero);
        using var again = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);

        // Σ over paths of the product is the product over frames of Σ: the loss is that of scores renormalised frame by frame.
        Assert.That(
            Distance.Between(
                normalised.Evaluate(random.Logits, random.Batch).Loss, again.Evaluate(random.Logits.log_softmax(2) * 3, random.Batch).Loss),
            Is.LessThan(1e-12));
        Assert.That(
            Distance.Between(normalised.Inspect(random.Logits, random.Batch).Loss, plain.Inspect(random.Logits, random.Batch).Loss),
            Is.LessThan(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_over_scores_and_weights_are_differences([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        long tokens = random.Batch.Tokens;
        Tensor weights = torch.randn([tokens, tokens], torch.float64, generator: new torch.Generator((ulong)seed));
        Tensor Loss(Tensor logits, Tensor learned)
        {
            using var objective = new Objective(new ObjectiveParts { Topology = new Against(learned) }, Reduction.Sum, InfeasiblePolicy.Zero);
            return objective.Evaluate(logits, random.Batch).Loss;
        }

        Assert.That(
            Distance.Between(
                FiniteDifferences.Autograd(x => Loss(x, weights), random.Logits), FiniteDifferences.Gradient(x => Loss(x, weights), random.Logits)),
            Is.LessThan(1e-8));
        Tensor leaf = weights.clone().requires_grad_();
        Tensor loss = Loss(random.Logits, leaf);
        Tensor slope = torch.zeros_like(weights);
        if (loss.requires_grad)
        {
            loss.backward();
            slope = leaf.grad!;
        }

        Assert.That(Distance.Between(slope, FiniteDifferences.Gradient(x => Loss(random.Logits, x), weights)), Is.LessThan(1e-8));
    }

    [Test]
    public void The_occupancy_that_parts_see_is_the_numerators()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(4);
        using var against = new Objective(new ObjectiveParts { Topology = new Against(weights: null) });
        using var plain = new Objective(new ObjectiveParts());
        Assert.That(
            Distance.Between(against.Inspect(random.Logits, random.Batch).Occupancy, plain.Inspect(random.Logits, random.Batch).Occupancy), Is.Zero);
    }

    /// <summary>
    /// CTC over all sequences of tokens, with a learned weight [V, V] on each pair of neighbouring frames, from the second to the first.
    /// </summary>
    private sealed class Against(Tensor? weights) : ITopology
    {
        public Lattices Build(Batch batch)
        {
            int size = batch.Size, tokens = (int)batch.Tokens;
            long[] all = [.. Enumerable.Range(0, tokens).Select(v => (long)v)];
            Tensor sources = torch.tensor(all).view(-1, 1, 1).expand(tokens, size, tokens).contiguous();
            Tensor zeros = torch.zeros([size, tokens], torch.float64);
            Tensor scores = (weights ?? torch.zeros([tokens, tokens], torch.float64)).transpose(0, 1).unsqueeze(1).expand(tokens, size, tokens);
            var everything = new Lattice(
                torch.tensor(all).expand(size, tokens), new IndexedArcs(sources, scores), zeros, zeros, torch.zeros([size], torch.float64));

            Lattice numerator = new CtcTopology().Build(batch).Numerator;
            IndexedArcs arcs = Recursions.LatticeCase.Indexed((BandedArcs)numerator.Arcs, numerator.Labels.shape[1]);
            if (weights is null) return new Lattices(numerator, everything);
            Tensor from = numerator.Labels.unsqueeze(0).expand(arcs.Sources.shape).gather(2, arcs.Sources); // [K, B, S] the tokens left
            Tensor to = numerator.Labels.unsqueeze(0).expand(arcs.Sources.shape);
            Tensor pairs = weights.flatten().index_select(0, ((to * tokens) + from).flatten()).view(arcs.Sources.shape);
            return new Lattices(numerator.WithArcs(arcs.WithScores(arcs.Scores + pairs)), everything);
        }
    }

    private sealed class Sharper : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * 3;
    }
}
