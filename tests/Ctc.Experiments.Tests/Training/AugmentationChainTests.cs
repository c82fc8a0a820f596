using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Augmentations;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Experiments.Tests.Training;

public class AugmentationChainTests
{
    private static readonly Progress Third = new(20, 2.25, Training: true);

    private static readonly Utterance[] Lines =
        [.. Enumerable.Range(0, 5).Select(i => new Utterance($"line-{i}", new float[12 + (2 * i)], 6 + i, [1]) { Group = "a" })];

    [Test]
    public void What_is_drawn_depends_on_the_utterance_and_not_on_its_batch()
    {
        Utterance[] together = [.. Chain().Apply(Lines, 1, 2, Third)];
        for (int b = 0; b < Lines.Length; b++)
        {
            Utterance alone = Chain().Apply([Lines[b]], 1, 2, Third with { Step = 23, Epoch = 2.75 }).Single();
            Assert.That(alone.ReadFeatures(), Is.EqualTo(together[b].ReadFeatures()), "another batch and another step of the same epoch");
            Assert.That((alone.Id, alone.Group, alone.Target), Is.EqualTo((Lines[b].Id, "a", Lines[b].Target)));
        }

        Assert.That(together.Select(line => line.ReadFeatures()[0]).Distinct().Count(), Is.EqualTo(Lines.Length));
    }

    [Test]
    public void Another_epoch_or_seed_draws_other_numbers()
    {
        float[] drawn = First(Chain(), Third);
        Assert.That(First(Chain(), Third with { Epoch = 3 }), Is.Not.EqualTo(drawn));
        Assert.That(First(Chain(seed: 2), Third), Is.Not.EqualTo(drawn));
        Assert.That(First(Chain(), Third), Is.EqualTo(drawn));
    }

    [Test]
    public void Two_augmentations_of_one_name_draw_other_numbers_and_an_unrelated_one_changes_nothing()
    {
        float[] one = First(Chain("noise"), Third), two = First(Chain("noise", "noise"), Third);
        Assert.That(two.Zip(one, (sum, first) => sum - first), Is.Not.EqualTo(one).Within(1e-6));
        Assert.That(First(Chain("frames", "noise"), Third), Is.EqualTo(one));
    }

    [Test]
    public void The_rows_of_two_views_are_the_first_of_each_then_the_second_of_each()
    {
        IReadOnlyList<Utterance> rows = Chain().Apply(Lines, 2, 2, Third), once = Chain().Apply(Lines, 1, 2, Third);
        Assert.That(rows.Select(row => row.Id), Is.EqualTo(Lines.Concat(Lines).Select(line => line.Id)));
        for (int b = 0; b < Lines.Length; b++)
        {
            Assert.That(rows[b].ReadFeatures(), Is.EqualTo(once[b].ReadFeatures()));
            Assert.That(rows[b + Lines.Length].ReadFeatures(), Is.Not.EqualTo(rows[b].ReadFeatures()));
        }
    }

    [Test]
    public void One_that_is_not_per_view_draws_alike_for_both()
    {
        IReadOnlyList<Utterance> rows = Chain("alike").Apply(Lines, 2, 2, Third);
        for (int b = 0; b < Lines.Length; b++) Assert.That(rows[b + Lines.Length].ReadFeatures(), Is.EqualTo(rows[b].ReadFeatures()));
    }

    [Test]
    public void Views_of_different_lengths_name_the_augmentation() => Assert.That(
        () => Chain("noise", "longer").Apply(Lines, 2, 2, Third),
        Throws.TypeOf<TrainingException>().With.Message.Match(
            @"^The augmentation longer#1 gives the views of utterance line-\d \d+ and \d+ frames; expected equal lengths\. .*PerView false\.$"));

    [Test]
    public void Another_number_of_features_names_the_augmentation() => Assert.That(
        () => Chain("wider").Apply(Lines, 1, 2, Third),
        Throws.TypeOf<TrainingException>().With.Message.EqualTo("The augmentation wider#1 gives utterance line-0 3 features per frame; expected 2."));

    [Test]
    public void Without_augmentations_the_utterances_are_those_of_the_set()
    {
        Assert.That(new AugmentationChain([], 1).Apply(Lines, 1, 2, Third), Is.SameAs(Lines));
        Assert.That(new AugmentationChain([], 1).Apply(Lines, 2, 2, Third), Is.EqualTo(Lines.Concat(Lines)));
    }

    private static float[] First(AugmentationChain chain, Progress progress) => chain.Apply(Lines, 1, 2, progress)[0].ReadFeatures();

    private static AugmentationChain Chain(string first = "noise", string? second = null, long seed = 1) =>
        new([.. new[] { first, second }.OfType<string>().Select(Choice)], seed);

    private static PartChoice Choice(string name) => new(
        new PartFactory<IAugmentation>(new PartMetadata { Name = name }, null, _ => Create(name)), new NoOptions(), new YamlLocation("x.yaml", 1, 1));

    private static IAugmentation Create(string name) => name switch
    {
        "noise" => new Noise(new NoiseOptions { Deviation = 1 }),
        "alike" => new Altered((features, random) => new Features([.. features.Values.Select(_ => (float)random.Unit())], features.Frames, 2), false),
        "longer" => new Altered((_, random) => Blank(random.Between(1, 1000)), true),
        "wider" => new Altered((features, _) => new Features(new float[3 * features.Frames], features.Frames, 3), true),
        _ => new Altered((features, _) => features, true),
    };

    private static Features Blank(int frames) => new(new float[2 * frames], frames, 2);

    private sealed class Altered(Func<Features, SplitMix64, Features> change, bool perView) : IAugmentation
    {
        public bool PerView => perView;

        public Features Augment(Features features, SplitMix64 random, Progress progress) => change(features, random);
    }
}
