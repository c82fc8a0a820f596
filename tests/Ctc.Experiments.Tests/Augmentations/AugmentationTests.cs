using Ctc.Experiments.Augmentations;

namespace Ctc.Experiments.Tests.Augmentations;

/// <summary>Each augmentation at settings whose result is known.</summary>
public class AugmentationTests
{
    private static readonly Progress Start = new(0, 0, Training: true);

    // 5 frames of 3 rows, all different.
    private static Features Line => new([.. Enumerable.Range(1, 15).Select(i => i / 16f)], 5, 3);

    [Test]
    public void Masks_overwrite_at_most_what_their_options_say([Range(0, 19)] int seed)
    {
        var masks = new Masks(new MasksOptions { Times = 1, Frames = 2, Share = 1, Bands = 1, Features = 1, Fill = -1 });
        Features masked = masks.Augment(Line, new SplitMix64((ulong)seed), Start);
        bool[] frames = [.. Enumerable.Range(0, 5).Select(t => Enumerable.Range(0, 3).All(row => masked[t, row] == -1))];
        bool[] rows = [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 5).All(t => masked[t, row] == -1))];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Count(all => all), Is.LessThanOrEqualTo(2));
            Assert.That(rows.Count(all => all), Is.LessThanOrEqualTo(1));
            for (int t = 0; t < 5; t++)
            {
                for (int row = 0; row < 3; row++) Assert.That(masked[t, row], Is.EqualTo(frames[t] || rows[row] ? -1 : Line[t, row]));
            }
        }
    }

    [Test]
    public void A_mask_over_time_covers_at_most_its_share()
    {
        var masks = new Masks(new MasksOptions { Times = 1, Frames = 100, Share = 0.2, Bands = 0, Fill = -1 });
        IEnumerable<int> covered = Enumerable.Range(0, 200)
            .Select(seed => masks.Augment(Line, new SplitMix64((ulong)seed), Start).Values.Count(value => value == -1));
        Assert.That(covered.Distinct(), Is.EquivalentTo(new[] { 0, 3 }), "none or one of five frames");
    }

    [Test]
    public void Noise_has_its_deviation_and_a_schedule()
    {
        var falling = new LinearSchedule { From = 0.5, To = 0, Until = new TrainingTime(1, TrainingUnit.Epochs) };
        var noise = new Noise(new NoiseOptions { Deviation = falling });
        var flat = new Features(new float[40_000], 20_000, 2);
        double[] changes = [.. noise.Augment(flat, new SplitMix64(1), Start).Values.Select(value => (double)value)];
        Assert.That(changes.Average(), Is.Zero.Within(0.01));
        Assert.That(changes.Average(value => value * value), Is.EqualTo(0.25).Within(0.01));
        Assert.That(noise.Augment(flat, new SplitMix64(1), new Progress(9, 1, Training: true)), Is.SameAs(flat));
    }

    [Test]
    public void Gain_is_one_factor_and_one_summand()
    {
        Features louder = new Gain(new GainOptions { Factor = 0.5, Offset = 2 }).Augment(Line, new SplitMix64(4), Start);
        double factor = (louder[1, 0] - louder[0, 0]) / (Line[1, 0] - Line[0, 0]), offset = louder[0, 0] - (factor * Line[0, 0]);
        Assert.That(factor, Is.InRange(0.5, 1.5));
        Assert.That(offset, Is.InRange(-2, 2));
        Assert.That(louder.Values, Is.EqualTo(Line.Values.Select(value => (factor * value) + offset)).Within(1e-5));
    }

    [Test]
    public void A_place_between_four_pixels_is_their_mean()
    {
        var image = new Features([1, 2, 4, 8], 2, 2);
        Assert.That(Warp.Sample(image, 1, (_, _) => (0.5, 0.5)).Values, Is.EqualTo(new[] { 3.75f, 3.75f }));
        Assert.That(Warp.Sample(image, 2, (t, row) => (t + 1, row)).Values, Is.EqualTo(new[] { 4f, 8f, 0f, 0f }), "paper outside");
    }

    [TestCaseSource(nameof(Nothing))]
    public void At_an_amount_of_0_nothing_changes(IAugmentation augmentation) =>
        Assert.That(augmentation.Augment(Line, new SplitMix64(7), Start).Values, Is.EqualTo(Line.Values).Within(1e-6));

    private static IEnumerable<IAugmentation> Nothing() =>
    [
        new Masks(new MasksOptions { Times = 0, Bands = 0 }), new Noise(new NoiseOptions { Deviation = 0 }), new Gain(new GainOptions { Factor = 0 }),
        new Shift(new ShiftOptions { Rows = 0 }), new Slant(new SlantOptions { Amount = 0 }), new Scale(new ScaleOptions { Frames = 0, Rows = 0 }),
        new Elastic(new ElasticOptions { Amount = 0 }), new Blur(new BlurOptions { Deviation = 0 }),
    ];

    [Test]
    public void A_slant_moves_the_middle_row_nowhere_and_the_others_apart()
    {
        Features column = new([0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], 5, 3);
        Features slanted = new Slant(new SlantOptions { Amount = 1 }).Augment(column, new SplitMix64(2), Start);
        double[] centres = [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 5).Sum(t => t * (double)slanted[t, row]))];
        Assert.That(centres[1], Is.EqualTo(2).Within(1e-6));
        Assert.That(centres[0] + centres[2], Is.EqualTo(4).Within(1e-6));
        Assert.That(centres[0], Is.Not.EqualTo(2).Within(1e-3));
    }

    [Test]
    public void A_scale_changes_the_frames_and_keeps_the_rows()
    {
        var scale = new Scale(new ScaleOptions { Frames = 0.5, Rows = 0 });
        var flat = new Features([.. Enumerable.Repeat(1f, 40)], 20, 2);
        Features[] scaled = [.. Enumerable.Range(0, 50).Select(seed => scale.Augment(flat, new SplitMix64((ulong)seed), Start))];
        Assert.That(scaled.Min(features => features.Frames), Is.InRange(10, 13));
        Assert.That(scaled.Max(features => features.Frames), Is.InRange(27, 30));
        Assert.That(scaled.Select(features => features.Size), Is.All.EqualTo(2));
        Assert.That(scale.PerView, Is.False);
    }

    [Test]
    public void An_elastic_bend_moves_no_point_further_than_its_amount()
    {
        // Of a ramp along the frames the change is the displacement.
        var ramp = new Features([.. Enumerable.Range(0, 60).SelectMany(t => Enumerable.Repeat((float)t, 8))], 60, 8);
        Features bent = new Elastic(new ElasticOptions { Amount = 2, Spacing = 4 }).Augment(ramp, new SplitMix64(3), Start);
        double[] moved = [.. from t in Enumerable.Range(4, 52) from row in Enumerable.Range(3, 2) select Math.Abs(bent[t, row] - t)];
        Assert.That(moved.Max(), Is.InRange(0.2, 2));
    }

    [Test]
    public void A_blur_spreads_a_point_with_its_variance_and_keeps_its_mass()
    {
        var point = new Features(new float[41 * 41], 41, 41);
        point.Values[(20 * 41) + 20] = 1;
        var random = new SplitMix64(5);
        double deviation = 3 * new SplitMix64(5).Unit();
        Features spread = new Blur(new BlurOptions { Deviation = 3 }).Augment(point, random, Start);
        double variance = Enumerable.Range(0, 41).Sum(t => (t - 20) * (t - 20) * Enumerable.Range(0, 41).Sum(row => (double)spread[t, row]));
        Assert.That(spread.Values.Sum(value => (double)value), Is.EqualTo(1).Within(1e-5));
        Assert.That(variance, Is.EqualTo(deviation * deviation).Within(1e-3));
    }
}
