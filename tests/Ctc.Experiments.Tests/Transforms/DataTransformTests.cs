using Ctc.Experiments.Transforms;

namespace Ctc.Experiments.Tests.Transforms;

public class DataTransformTests
{
    private const int Lines = 400, Length = 10;

    private int reads;

    [Test]
    public void Partial_labels_take_the_share_away_and_keep_the_spans_of_the_rest()
    {
        Dataset given = Draw(), made = new PartialLabels(new() { Share = 0.4 }).Transform(given, seed: 7);
        int left = made.Train.Sum(line => line.Target.Length);

        // A binomial of 4000 draws: five standard deviations.
        Assert.That(left, Is.EqualTo(0.6 * Lines * Length).Within(5 * Math.Sqrt(Lines * Length * 0.24)));
        foreach ((Utterance before, Utterance after) in given.Train.Zip(made.Train))
        {
            // Each token of a line is its position, so that the kept ones are known by their spans.
            Assert.That(after.Spans!.Select(span => (long)span.Start + 1), Is.EqualTo(after.Target));
            Assert.That(after.Target, Is.Ordered.Ascending.And.SubsetOf(before.Target));
        }

        Assert.That((made.Dev, made.Test, reads), Is.EqualTo((given.Dev, given.Test, 0)));
    }

    [Test]
    public void A_larger_share_takes_away_the_same_labels_and_more()
    {
        Dataset few =
            new PartialLabels(new() { Share = 0.7 }).Transform(Draw(), 7), many = new PartialLabels(new() { Share = 0.2 }).Transform(Draw(), 7);
        foreach ((Utterance less, Utterance more) in few.Train.Zip(many.Train)) Assert.That(less.Target, Is.SubsetOf(more.Target));
    }

    [TestCase(0.0, Length)]
    [TestCase(1.0, 0)]
    public void The_ends_of_the_range_are_exact(double share, int left) => Assert.That(
        new PartialLabels(new() { Share = share }).Transform(Draw(), 7).Train.Select(line => line.Target.Length), Has.All.EqualTo(left));

    [Test]
    public void The_labels_depend_on_the_seed_and_the_utterance_alone()
    {
        Dataset all = Draw();
        var part = new PartialLabels(new());
        long[][] together = Targets(part.Transform(all, 7).Train);
        long[][] reversed = Targets(part.Transform(all.With([.. all.Train.Reverse()]), 7).Train);
        Assert.That(reversed.Reverse(), Is.EqualTo(together));
        Assert.That(Targets(part.Transform(all, 8).Train), Is.Not.EqualTo(together));
    }

    [Test]
    public void The_dev_set_changes_only_if_an_option_says_so_and_the_test_set_never()
    {
        Dataset given = Draw();
        foreach (IDataTransform part in new IDataTransform[] { new PartialLabels(new() { Dev = true }), new NoisyTranscripts(new() { Dev = true }) })
        {
            Dataset made = part.Transform(given, 7);
            Assert.That(Targets(made.Dev), Is.Not.EqualTo(Targets(given.Dev)));
            Assert.That(made.Test, Is.SameAs(given.Test));
        }
    }

    [Test]
    public void Noise_substitutes_deletes_and_inserts_in_the_given_shares()
    {
        const double tolerance = 0.04; // more than five standard deviations of 4000 draws
        Assert.That(Changed(new() { Substitute = 0.3 }), Is.EqualTo((0.3, 1.0)).Within(tolerance));
        Assert.That(Changed(new() { Substitute = 0, Delete = 0.3 }).Length, Is.EqualTo(0.7).Within(tolerance));
        Assert.That(Changed(new() { Substitute = 0, Insert = 0.3 }).Length, Is.EqualTo(1.3).Within(tolerance));
        Assert.That(Changed(new() { Substitute = 0 }), Is.EqualTo((0.0, 1.0)));
        Assert.That(Changed(new() { Substitute = 1 }), Is.EqualTo((1.0, 1.0)), "each by another one");

        (double Differing, double Length) Changed(NoisyTranscriptsOptions options)
        {
            Dataset given = Draw(), made = new NoisyTranscripts(options).Transform(given, 7);
            double count = Lines * Length;
            Assert.That(made.Train.SelectMany(line => line.Target), Has.All.InRange(1, Length), "no blank");
            return (
                given.Train.Zip(
                made.Train, (before, after) => before.Target.Zip(after.Target).Count(pair => pair.First != pair.Second)).Sum() / count,
                made.Train.Sum(line => line.Target.Length) / count);
        }
    }

    [Test]
    public void Noise_leaves_the_only_symbol_of_an_alphabet()
    {
        var data = new Dataset(new Alphabet(["a"]), 1, [new("x", [0], 1, [1])], [], []);
        Assert.That(new NoisyTranscripts(new() { Substitute = 1 }).Transform(data, 1).Train[0].Target, Is.EqualTo(new long[] { 1 }));
    }

    [Test]
    public void A_smaller_subset_is_a_subset_of_a_larger_one_in_the_order_of_the_set()
    {
        Dataset given = Draw();
        string[] Kept(SubsetOptions options, long seed = 7) => [.. new Subset(options).Transform(given, seed).Train.Select(line => line.Id)];
        string[] ten = Kept(new() { Utterances = 10 }), half = Kept(new() { Share = 0.5 }), all = Kept(new());
        Assert.That((ten.Length, half.Length, all.Length), Is.EqualTo((10, Lines / 2, Lines)));
        Assert.That(ten, Is.SubsetOf(half).And.EqualTo(all.Where(ten.Contains)));
        Assert.That(Kept(new() { Utterances = 10 }, seed: 8), Is.Not.EquivalentTo(ten));
        Assert.That(Kept(new() { Share = 0 }), Has.Length.EqualTo(1));
    }

    [Test]
    public void Framewise_targets_are_the_tokens_in_the_middles_of_the_frames()
    {
        Dataset made = new Framewise().Transform(Spoken(new(0, 2.4), new(2.4, 2.6), new(2.6, 3.6), new(3.6, 5)), seed: 7);
        Assert.That(made.Train[0].Target, Is.EqualTo(new long[] { 1, 1, 2, 1, 3 }));
        Assert.That(made.Train[0].Spans, Is.EqualTo(Enumerable.Range(0, 5).Select(t => new FrameInterval(t, t + 1))));
        Assert.That(made.Dev[0].Target, Is.EqualTo(new long[] { 1, 2, 1, 3 }));
    }

    [Test]
    public void Framewise_targets_between_tokens_are_those_of_the_nearer_one()
    {
        Dataset made = new Framewise().Transform(Spoken(new(0, 0.7), new(2.6, 3), new(3, 3.2), new(3.7, 4.2)), seed: 7);
        Assert.That(made.Train[0].Target, Is.EqualTo(new long[] { 1, 1, 2, 3, 3 })); // 1.5 is 0.8 behind the first and 1.1 before the second
    }

    [Test]
    public void Framewise_targets_are_refused_without_true_positions() => Assert.That(
        () => new Framewise().Transform(Spoken(), seed: 7),
        Throws.TypeOf<InvalidDataException>().With.Message
            .EqualTo("The true positions of the training tokens are not known; framewise expects them."));

    // One utterance of five frames and the tokens 1, 2, 1, 3.
    private static Dataset Spoken(params FrameInterval[] spans)
    {
        var one = new Utterance("spoken", new float[5], 5, [1, 2, 1, 3]) { Spans = spans.Length == 0 ? null : spans };
        return new Dataset(new Alphabet(["a", "b", "c"]), 1, [one], [one], [one]);
    }

    [Test]
    public void More_utterances_than_there_are_are_refused() => Assert.That(
        () => new Subset(new() { Utterances = Lines + 1 }).Transform(Draw(), 7),
        Throws.TypeOf<InvalidDataException>().With.Message
            .EqualTo("The transform subset keeps 401 training utterances, but there are 400; expected at most all."));

    private static long[][] Targets(IReadOnlyList<Utterance> set) => [.. set.Select(line => line.Target)];

    private Dataset Draw()
    {
        reads = 0;
        string[] symbols = [.. Enumerable.Range(0, Length).Select(i => $"{i}")];
        return new Dataset(new Alphabet(symbols), 1, Set("train", Lines), Set("dev", 40), Set("test", 40));

        Utterance[] Set(string name, int count) => [.. Enumerable.Range(0, count).Select(i =>
            new Utterance($"{name}-{i}", Length, Length, _ => reads++, [.. Enumerable.Range(1, Length).Select(u => (long)u)])
            {
                Spans = [.. Enumerable.Range(0, Length).Select(u => new FrameInterval(u, u + 1))],
            })];
    }
}
