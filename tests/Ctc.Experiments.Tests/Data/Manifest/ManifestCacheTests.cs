using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Experiments.Tests.Data.Digits;
using Ctc.Experiments.Data.Digits;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>Images are decoded once.</summary>
public class ManifestCacheTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void A_second_start_decodes_no_image_and_has_the_same_utterances()
    {
        ManifestOptions options = Written("second");
        using FeatureCache first = Open("a"), second = Open("a");
        Dataset computed = new ManifestSource(options, first).Load(), kept = new ManifestSource(options, second).Load();
        Dataset without = new ManifestSource(options).Load();
        Assert.That((first.Computed, second.Computed), Is.EqualTo((All(computed).Length, 0)));
        foreach (Dataset data in new[] { computed, kept })
        {
            Assert.That(All(data).Select(line => line.ReadFeatures()), Is.EqualTo(All(without).Select(line => line.ReadFeatures())));
            Assert.That(All(data).Select(line => (line.Id, line.Frames)), Is.EqualTo(All(without).Select(line => (line.Id, line.Frames))));
        }

        Assert.That((first.Computed, second.Computed), Is.EqualTo((All(computed).Length, 0)), "reading computes nothing");
    }

    [Test]
    public void Every_option_that_changes_features_finds_others()
    {
        ManifestOptions options = Written("options");
        using FeatureCache cache = Open("b");
        int Loaded(ManifestOptions changed)
        {
            int before = cache.Computed;
            new ManifestSource(changed, cache).Load();
            return cache.Computed - before;
        }

        int all = Loaded(options);
        Assert.That(all, Is.GreaterThan(0));
        Assert.That(Loaded(options with { Height = 9 }), Is.EqualTo(all));
        Assert.That(Loaded(options with { Direction = ReadingDirection.RightToLeft }), Is.EqualTo(all));
        Assert.That(Loaded(options with { Seed = 3, Normalization = UnicodeForm.Nfd }), Is.Zero, "these change no feature");
        Assert.That(Loaded(options), Is.Zero);
    }

    [Test]
    public void A_changed_image_is_decoded_again()
    {
        ManifestOptions options = Written("changed");
        using FeatureCache cache = Open("c");
        Dataset before = new ManifestSource(options, cache).Load();
        int all = cache.Computed;
        string image = Path.Combine(Path.GetDirectoryName(options.Train)!, before.Train[0].Id);
        LineImage.Write(image, new Utterance("x", new float[RealDigits.Few.Height * 7], 7, []));
        Dataset after = new ManifestSource(options, cache).Load();
        Assert.That((cache.Computed - all, after.Train[0].Frames), Is.EqualTo((1, 7)));
        Assert.That(after.Train[0].ReadFeatures(), Has.All.Zero);
        Assert.That(before.Train[0].ReadFeatures(), Has.Some.GreaterThan(0), "that of the start");
    }

    // The method names a version. Where these numbers change, so must the version in LineImage.
    [Test]
    public void The_version_of_the_features_is_raised_with_their_numbers()
    {
        Utterance line = new DigitLinesSource(RealDigits.Few).Load().Test[0];
        LineImage.Write(folder.In("version.png"), line);
        float[] scaled = LineImage.LoadFeatures(folder.In("version.png"), 7, ReadingDirection.LeftToRight);
        Assert.That(LineImage.Method(7, ReadingDirection.LeftToRight), Does.StartWith("line image 1, Skia "));
        Assert.That(scaled.Average(), Is.EqualTo(line.ReadFeatures().Average()).Within(1e-5));
    }

    private static Utterance[] All(Dataset data) => [.. data.Train, .. data.Dev, .. data.Test];

    private FeatureCache Open(string name) => new(folder.In(name), Assert.Fail);

    private ManifestOptions Written(string name)
    {
        WrittenLines.Of(folder.In(name), new DigitLinesSource(RealDigits.Few).Load(), json: false);
        return new ManifestOptions
        {
            Train = folder.In(name, "train", "list"), Dev = folder.In(name, "dev", "list"), Test = folder.In(name, "test", "list"),
            Height = RealDigits.Few.Height,
        };
    }
}
