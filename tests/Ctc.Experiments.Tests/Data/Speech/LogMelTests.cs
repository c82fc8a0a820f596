using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Speech;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Speech;

public class LogMelTests
{
    [TestCase("torchaudio_mel_htk")]
    [TestCase("torchaudio_mel_slaney")]
    public void The_numbers_are_those_of_torchaudio(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        JsonNode given = golden.Parameters;
        var options = new Options
        {
            Rate = given["sample_rate"]!.GetValue<int>(),
            Window = given["win_length"]!.GetValue<double>() * 1000 / given["sample_rate"]!.GetValue<int>(),
            Hop = given["hop_length"]!.GetValue<double>() * 1000 / given["sample_rate"]!.GetValue<int>(),
            FourierSize = given["n_fft"]!.GetValue<int>(),
            Bands = given["n_mels"]!.GetValue<int>(),
            MinFrequency = given["f_min"]!.GetValue<double>(),
            MaxFrequency = given["f_max"]!.GetValue<double>(),
            MelScale = Enum.Parse<MelScale>(given["mel_scale"]!.GetValue<string>(), ignoreCase: true),
            Floor = given["floor"]!.GetValue<double>(),
            Scaling = FeatureScaling.None,
        };
        float[] samples = GoldenCase.Numbers<float>(golden["samples"]!);
        float[][] expected = [.. golden.Expected.AsArray().Select(frame => GoldenCase.Numbers<float>(frame!))];
        var features = new LogMel(options);
        Assert.That(features.Frames(samples.Length), Is.EqualTo(expected.Length));
        Assert.That(Compute(features, samples), Is.EqualTo(expected.SelectMany(frame => frame)).Within(golden.Tolerance("features")));
    }

    [Test]
    public void A_click_is_loudest_in_the_frame_that_it_is_in_and_alike_on_both_sides()
    {
        var features = new LogMel(new Options { Scaling = FeatureScaling.None });
        foreach (int frame in new[] { 0, 5, 9 })
        {
            float[] samples = new float[1600];
            samples[(frame * 160) + 80] = 1; // the middle of the frame
            float[] found = Compute(features, samples);
            double[] loudness = [.. found.Chunk(64).Select(bands => (double)bands.Average())];
            Assert.That(loudness, Has.Length.EqualTo(10));
            Assert.That(Array.IndexOf(loudness, loudness.Max()), Is.EqualTo(frame));
            if (frame is 0 or 9) continue;
            Assert.That(loudness[frame - 1], Is.EqualTo(loudness[frame + 1]).Within(1e-4));
        }
    }

    [TestCase(1, 1)]
    [TestCase(160, 1)]
    [TestCase(161, 2)]
    public void Every_sample_is_in_a_frame(int samples, int frames) =>
        Assert.That(Compute(new LogMel(new Options()), new float[samples]), Has.Length.EqualTo(frames * 64).And.All.EqualTo(0));

    [Test]
    public void Frames_do_not_depend_on_how_many_are_computed_at_once()
    {
        var features = new LogMel(new Options { Hop = 1, Window = 4, Scaling = FeatureScaling.None, Bands = 4 });
        var random = new SplitMix64(1);
        float[] samples = [.. Enumerable.Range(0, 80_000).Select(_ => (float)(random.Unit() - 0.5))]; // 5000 frames: more than a block
        float[] whole = Compute(features, samples), end = Compute(features, samples[(4000 * 16)..]);
        Assert.That(end[40..], Is.EqualTo(whole[((4000 * 4) + 40)..]), "frames that see no sample before the piece");
    }

    [Test]
    public void Windows_of_blocks_are_those_of_the_whole_also_if_they_do_not_touch([Values(6, 7, 10, 13)] int size)
    {
        const int hop = 8;
        float[] samples = [.. Enumerable.Range(1, 77).Select(i => (float)i)]; // 10 frames
        float[] Window(SoundWindows windows, int t) => windows.Read()[(t * hop)..((t * hop) + size)];
        float[][] whole = [.. Enumerable.Range(0, 10).Select(t => Window(new SoundWindows(new ArrayReader(samples), size, hop, 10), t))];
        var blocks = new SoundWindows(new ArrayReader(samples), size, hop, frames: 3);
        for (int start = 0; start < 10; start += 3)
        {
            if (start > 0) blocks.Advance();
            float[] block = [.. blocks.Read()];
            for (int t = start; t < Math.Min(start + 3, 10); t++)
            {
                Assert.That(block[((t - start) * hop)..(((t - start) * hop) + size)], Is.EqualTo(whole[t]), $"frame {t}");
                int first = (t * hop) - ((size - hop) / 2);
                Assert.That(whole[t], Is.EqualTo(Enumerable.Range(first, size).Select(i => i >= 0 && i < 77 ? i + 1 : 0)));
            }
        }
    }

    [Test]
    public void Scaling_shifts_and_divides()
    {
        var random = new SplitMix64(2);
        float[] samples = [.. Enumerable.Range(0, 16_000).Select(i => (float)(random.Unit() - 0.5) * i / 16_000)];
        float[] raw = Compute(new LogMel(new Options { Scaling = FeatureScaling.None }), samples);
        float[] utterance = Compute(new LogMel(new Options()), samples);
        float[] mean = Compute(new LogMel(new Options { Scaling = FeatureScaling.Mean }), samples);
        float[] global = Compute(new LogMel(new Options { Scaling = FeatureScaling.Global, FeatureMean = -4, FeatureDeviation = 2 }), samples);
        Assert.That(global, Is.EqualTo(raw.Select(value => (value + 4) / 2)).Within(1e-6));
        for (int band = 0; band < 64; band += 21)
        {
            float[] Of(float[] features) => [.. features.Where((_, i) => i % 64 == band)];
            Assert.That((Of(utterance).Average(), Of(mean).Average()), Is.EqualTo((0, 0)).Within(1e-4));
            Assert.That(Of(utterance).Average(value => value * value), Is.EqualTo(1).Within(1e-4));
            Assert.That(Of(mean)[7] - Of(mean)[3], Is.EqualTo(Of(raw)[7] - Of(raw)[3]).Within(1e-4));
        }
    }

    [Test]
    public void The_global_scaling_without_numbers_names_those_of_the_training_set() => Assert.That(
        () => new LogMel(new Options { Scaling = FeatureScaling.Global })
            .RequireScaling([new Utterance("a", [1, 3], 1, []), new Utterance("b", [2, 2], 1, [])]),
        Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            "scaling is global without feature-mean and feature-deviation; expected both: 2 and 0.707 are those of the training set."));

    [Test]
    public void Every_option_has_features_of_its_own()
    {
        Options[] others =
        [
            new(), new() { Rate = 8000 }, new() { Window = 20 }, new() { Hop = 5 }, new() { FourierSize = 1024 }, new() { Bands = 40 },
            new() { MinFrequency = 20 }, new() { MaxFrequency = 7000 }, new() { MelScale = MelScale.Slaney }, new() { Floor = 1e-6 },
            new() { Scaling = FeatureScaling.Mean }, new() { Scaling = FeatureScaling.Global, FeatureMean = 1, FeatureDeviation = 1 },
        ];
        Assert.That(others.Select(options => new LogMel(options).Method), Is.Unique);
    }

    [Test]
    public void Options_that_do_not_fit_together_are_refused()
    {
        static string? Fault(Options options) => options.Validate(new ValidationContext(options)).FirstOrDefault()?.ErrorMessage;
        Assert.That(Fault(new Options()), Is.Null);
        Assert.That(Fault(new Options { Rate = 11_025 }), Is.EqualTo("hop is 10 ms, 110.25 samples; expected a whole number of them"));
        Assert.That(
            Fault(new Options { FourierSize = 256 }),
            Is.EqualTo("fourier-size is 256; expected an even number of at least 400, the samples of the window"));
        Assert.That(Fault(new Options { Rate = 8000, MaxFrequency = 5000 }), Is.EqualTo("max-frequency is 5000; expected at most half the rate"));
        Assert.That(Fault(new Options { MinFrequency = 8000 }), Is.EqualTo("min-frequency is 8000; expected less than max-frequency"));
        Assert.That(
            Fault(new Options { FeatureMean = 1 }),
            Is.EqualTo("feature-mean and feature-deviation are of the global scaling; expected scaling: global"));
    }

    [Test]
    [Category("Slow")]
    public void Memory_beside_the_features_does_not_grow_with_the_sound()
    {
        // 45 s at 44.1 kHz would be 7.9 MB as samples, and 1.4 MB at 8 kHz; the features are 72 KB.
        var features = new LogMel(new Options { Bands = 4, Rate = 8000 });
        long Allocated(int seconds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var sound = new ResamplingReader(new Silence(44_100L * seconds), 44_100, 8000);
            Assert.That(features.Compute(sound), Has.Length.EqualTo(100 * seconds * 4));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        const int seconds = 45; // more than a block
        Allocated(seconds);
        long less = Allocated(seconds), more = Allocated(2 * seconds);
        Assert.That(more - less, Is.LessThan(2 * 100 * seconds * 4 * sizeof(float)), "what is not the features is the same");
    }

    private static float[] Compute(LogMel features, float[] samples) => features.Compute(new ArrayReader(samples));

    private sealed class Silence(long length) : SampleReader
    {
        private long left = length;

        public override long Length { get; } = length;

        public override int Read(Span<float> room)
        {
            int count = (int)Math.Min(room.Length, left);
            room[..count].Clear();
            left -= count;
            return count;
        }

        public override void Dispose()
        {
        }
    }

    private sealed record Options : LogMelOptions;
}
