using Ctc.Experiments.Data.Audio;

namespace Ctc.Experiments.Tests.Data.Audio;

public class ResamplingReaderTests
{
    [TestCase(44_100, 16_000, 1000)]
    [TestCase(44_100, 16_000, 7000)]
    [TestCase(48_000, 16_000, 440)]
    [TestCase(8000, 16_000, 3000)]
    [TestCase(22_050, 16_000, 3000)]
    [TestCase(44_101, 16_000, 440)]
    public void A_tone_below_both_limits_keeps_amplitude_and_time(int from, int to, double hertz)
    {
        float[] found = new Waveform(Tone.Of(hertz, from, from / 2), from).At(to).ReadToEnd(), expected = Tone.Of(hertz, to, found.Length);
        Assert.That(found, Has.Length.EqualTo((int)Math.Ceiling((double)(from / 2) * to / from)));
        int edge = to / 50; // 20 ms
        double error = found[edge..^edge].Zip(expected[edge..^edge], (one, other) => Math.Pow(one - other, 2)).Average();
        Assert.That(10 * Math.Log10(error / 0.125), Is.LessThan(-60), "decibels below the tone");
    }

    [TestCase(9000)]
    [TestCase(12_000)]
    [TestCase(20_000)]
    public void A_tone_above_the_new_limit_is_removed(double hertz)
    {
        float[] found = new Waveform(Tone.Of(hertz, 44_100, 22_050), 44_100).At(16_000).ReadToEnd();
        Assert.That(10 * Math.Log10(found[320..^320].Average(sample => sample * sample) / 0.125), Is.LessThan(-60), "decibels below the tone");
    }

    [TestCase(44_100, 16_000)]
    [TestCase(8000, 16_000)]
    [TestCase(44_101, 8000)]
    public void Pieces_are_the_same_numbers_as_the_whole(int from, int to)
    {
        var random = new SplitMix64(5);
        var sound = new Waveform([.. Enumerable.Range(0, 150_000).Select(_ => (float)(random.Unit() - 0.5))], from); // more than is held at once
        float[] whole = sound.At(to).ReadToEnd();
        SampleReader pieces = sound.At(to);
        List<float> read = [];
        foreach (int length in new[] { 1, 7, 30_000, 2, 100_000, 500_000 })
        {
            float[] piece = new float[length];
            read.AddRange(piece[..pieces.Read(piece)]);
        }

        Assert.That((read.Count, pieces.Length), Is.EqualTo((whole.Length, (long)whole.Length)));
        Assert.That(read.ToArray().AsSpan().SequenceEqual(whole), Is.True);
        Assert.That(pieces.Read(new float[1]), Is.Zero);
    }

    [Test]
    public void The_same_rate_changes_nothing()
    {
        float[] samples = [0.1f, 0.2f];
        Assert.That(new Waveform(samples, 8000).At(8000).ReadToEnd(), Is.EqualTo(samples));
    }
}
