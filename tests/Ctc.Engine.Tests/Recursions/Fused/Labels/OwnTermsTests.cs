using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused.Labels;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused.Labels;

/// <summary>Sums over all terms but one, against their definition by the table of weights.</summary>
[NoTensorLeaks]
public class OwnTermsTests
{
    private const double Out = double.NegativeInfinity;

    // Classes of 12 tokens: some have a token of their own, which they leave out or weight, two have the same one, one has none; and up to two tokens
    // that all of them list. Terms differ by 10^200: what a class leaves out must not be felt.
    [Test]
    public void Sums_and_shares_are_those_of_the_table_to_some_bits([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        (int count, int common, int places) = (random.Next(1, 9), seed % 3, (seed % 3) + 1);
        var tokens = new long[count * places];
        var weights = new double[count * places];
        for (int c = 0; c < count; c++)
        {
            for (int k = 0; k < places; k++)
            {
                bool isOwn = k == common;
                tokens[(c * places) + k] = !isOwn ? k : c == 3 ? -1 : 2 + (c == 1 ? 0 : c);
                weights[(c * places) + k] = random.Next(3) switch { 0 => 0, 1 => random.NextDouble() - 2, _ => isOwn ? Out : 0.5 };
            }
        }

        double[] rest = [.. Enumerable.Range(0, count).Select(c => c == 5 ? Out : -random.NextDouble())];
        var classes = new UtteranceClasses([.. Enumerable.Range(0, count)], vocabulary: 12, rest, tokens, weights);
        OwnTerms? own = OwnTerms.Find(classes);
        Assert.That(own, Is.Not.Null);
        int terms = classes.Tokens.Length + 1;
        double[] of = [.. Enumerable.Range(0, terms).Select(_ => random.Next(2) == 0 ? random.NextDouble() : 1e-200 * random.NextDouble())];
        double[] factors = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? random.NextDouble() : 1e200 * random.NextDouble())];
        double[] before = new double[20], behind = new double[20], sums = new double[count], shares = new double[terms];
        own!.Sum(of, before, behind, sums);
        own.Divide(factors, before, behind, shares);
        using (Assert.EnterMultipleScope())
        {
            for (int c = 0; c < count; c++)
            {
                double sum = Enumerable.Range(0, terms).Sum(m => classes.Weights[(m * classes.Stride) + c] * of[m]);
                Assert.That(sums[c], Is.EqualTo(sum).Within(1e-14 * sum), $"class {c}");
            }

            for (int m = 0; m < terms; m++)
            {
                double share = Enumerable.Range(0, count).Sum(c => classes.Weights[(m * classes.Stride) + c] * factors[c]);
                Assert.That(shares[m], Is.EqualTo(share).Within(1e-14 * share), $"term {m}");
            }
        }
    }

    // 71 classes of 72 terms. In the first frames the next token is certain, which its class leaves out.
    [Test]
    public void Stars_of_a_long_target_give_the_numbers_of_the_other_recursion([Values] bool logits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] target = [.. Enumerable.Range(1, 70).Select(u => (long)(37 * u % 97) + 1)];
        var batch = new Batch([target], [110], tokens: 100);
        Lattice lattice = new StarTopology(-0.7).Build(batch).Numerator;
        Tensor scores = torch.randn([110, 1, 100], torch.float64, generator: new torch.Generator(1)) * 3;
        for (int t = 0; t < 40; t++) scores[t, 0, target[t]] = torch.tensor(60.0);
        (Tensor value, Tensor gradient) = Differentiate(RecursionKind.Fused);
        (Tensor expected, Tensor expectedGradient) = Differentiate(RecursionKind.Differentiable);
        Assert.That(value.ToDouble(), Is.EqualTo(expected.ToDouble()).Within(1e-13 * Math.Abs(expected.ToDouble())));
        Assert.That(Distance.Between(gradient, expectedGradient), Is.LessThan(1e-11));

        (Tensor Value, Tensor Gradient) Differentiate(RecursionKind kind)
        {
            Tensor leaf = scores.clone().requires_grad_();
            Tensor likelihood = logits
                ? Recursion.LogLikelihoodFromLogits(lattice, leaf, batch.Frames, kind)
                : Recursion.LogLikelihood(lattice, leaf, batch.Frames, kind);
            likelihood.sum().backward();
            return (likelihood.detach(), leaf.grad!);
        }
    }

    [Test]
    public void Classes_with_several_tokens_of_their_own_have_none() => Assert.That(
        OwnTerms.Find(new UtteranceClasses([0, 1], vocabulary: 9, [0, 0], [1, 2, 3, 4], [Out, Out, Out, Out])),
        Is.Null);

    [Test]
    public void Tokens_that_all_classes_list_are_nobody_s_own() => Assert.That(
        OwnTerms.Find(new UtteranceClasses([0, 1], vocabulary: 9, [0, 0], [1, 2, 2, 1], [0, Out, -1, 0])),
        Is.Not.Null);
}
