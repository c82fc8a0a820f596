using Ctc.Experiments.Data.Audio;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Audio;

public class WaveFileTests
{
    private static readonly double[] Samples = [0, 0.5, -0.5, 0.25, 0.875, -1];

    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Every_format_has_its_samples([Values(8, 16, 24, 32)] int bits, [Values] bool isExtensible, [Values] bool isFloat)
    {
        if (isFloat && bits < 32) bits *= 4; // 32, 64 and 96
        if (bits > 64) return;
        WrittenWave wave = new(isFloat ? 3 : 1, bits) { IsExtensible = isExtensible, Rate = 22_050 };
        Waveform mono = Load(wave.Of(Samples)), stereo = Load((wave with { Channels = 2 }).Of(Samples));
        Assert.That((mono.Rate, stereo.Rate), Is.EqualTo((22_050, 22_050)));
        Assert.That(mono.Samples, Is.EqualTo(Samples), "each is a fraction of 8 bits");
        Assert.That(stereo.Samples, Is.EqualTo(new[] { 0.25, -0.125, -0.0625 }), "the mean of both channels");
    }

    [Test]
    public void A_piece_is_read_by_its_times()
    {
        byte[] file = new WrittenWave(1, 16) { Rate = 1000 }.Of(Samples);
        Assert.That(Load(file, 0.001, 0.003).Samples, Is.EqualTo(Samples[1..4]));
        Assert.That(Load(file, 0.002).Samples, Is.EqualTo(Samples[2..]));
        Assert.That(Load(file, 0.004, 0.02).Samples, Is.EqualTo(Samples[4..]), "its end is rounded");
        Assert.That(() => Load(file, 0.004, 0.025), Refuses("it is 0.006 s long; expected it to hold a piece from 0.004 s for 0.025 s"));
        Assert.That(() => Load(file, 0.006), Refuses("it is 0.006 s long; expected it to hold a piece from 0.006 s"));
    }

    [Test]
    public void What_is_written_is_read()
    {
        WaveFile.Write(folder.In("written.wav"), new Waveform([.. Samples.Select(sample => (float)sample), 1.5f], 8000));
        Waveform read = WaveFile.Load(folder.In("written.wav"));
        Assert.That(read.Rate, Is.EqualTo(8000));
        Assert.That(read.Samples, Is.EqualTo(Samples.Append(32767 / 32768.0)));
    }

    [Test]
    public void Bad_files_are_refused_in_one_sentence()
    {
        WrittenWave wave = new(1, 16);
        byte[] whole = wave.Of(Samples);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Load([]), Refuses("it is empty; expected sound"));
            Assert.That(() => Load("this is text"u8.ToArray()), Refuses("it does not begin with RIFF and WAVE; expected a WAV file"));
            Assert.That(() => Load(whole[..^3]), Refuses("12 bytes of samples should follow, but 9 do; expected a whole file"));
            Assert.That(() => Load(whole[..30]), Refuses("16 bytes of a part of its header should follow, but 10 do; expected a whole file"));
            Assert.That(() => Load(whole[..36]), Refuses("it has no samples; expected sound"));
            Assert.That(() => Load(wave.Of()), Refuses("it has no samples; expected sound"));
            Assert.That(
                () => Load((wave with { DataLength = uint.MaxValue }).Of(Samples)),
                Refuses("4294967295 bytes of samples should follow, but 12 do; expected a whole file"));
            Assert.That(
                () => Load((wave with { DataLength = 4 }).Of(0, 0, 0.5, 0.5, 0.5, 0.5)),
                Refuses("1073758208 bytes of a part behind its samples should follow, but 0 do; expected a whole file"));
            Assert.That(() => Load((wave with { DataLength = 11 }).Of(Samples)), Refuses("it has 11 bytes of samples; expected a multiple of 2"));
            Assert.That(() => Load((wave with { Rate = 0 }).Of(Samples)), Refuses("its rate is 0 Hz; expected 1000 to 1000000"));
            Assert.That(() => Load((wave with { Channels = 20 }).Of(Samples)), Refuses("it has 20 channels; expected 1 or 2"));
            Assert.That(() => Load((wave with { Channels = 0 }).Of(Samples)), Refuses("it has 0 channels; expected 1 or 2"));
            Assert.That(
                () => Load((wave with { Frame = 4 }).Of(Samples)),
                Refuses("it says that samples have 4 bytes; expected 2, for 16 bits and 1 channels"));
            Assert.That(
                () => Load(new WrittenWave(2, 4).Of(0)),
                Refuses("its samples are of 4 bits in the encoding 2; expected PCM of 8, 16, 24 or 32 bits (1), or floats of 32 or 64 (3)"));
            Assert.That(
                () => Load(new WrittenWave(3, 32).Of(0, 0, double.NaN)), Refuses("a sample at 0.000125 s is NaN; expected finite numbers"));
            Assert.That(
                () => Load(new WrittenWave(3, 64).Of(1e300)), Refuses("a sample at 0 s is Infinity; expected finite numbers"));
        }

        Assert.That(
            () => WaveFile.Load(folder.In("missing.wav")),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"{folder.In("missing.wav")} cannot be read: "));
    }

    private Waveform Load(byte[] file, double offset = 0, double? duration = null)
    {
        File.WriteAllBytes(folder.In("sound.wav"), file);
        return WaveFile.Load(folder.In("sound.wav"), offset, duration);
    }

    private NUnit.Framework.Constraints.EqualStringConstraint Refuses(string why) => Throws.InstanceOf<InvalidDataException>()
        .With.Message.EqualTo($"{folder.In("sound.wav")} cannot be read as sound: {why}.");
}
