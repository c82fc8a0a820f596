using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Processes;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Audio;

public class AudioFileTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [TestCase("ffmpeg")]
    [TestCase("sox")]
    [Category("Slow")]
    public void A_program_decodes_what_is_no_WAV(string name)
    {
        if (InstalledProgram.Find(name) is not { } program) throw new IgnoreException($"{name} is not installed");
        float[] tone = Tone.Of(440, 16_000, 16_000);
        WaveFile.Write(folder.In("tone.wav"), new Waveform(tone, 16_000));
        string flac = folder.In($"{name}.flac");
        string[] arguments = name == "sox" ? [folder.In("tone.wav"), flac] : ["-nostdin", "-v", "error", "-i", folder.In("tone.wav"), flac];
        Assert.That(program.Run(arguments, TimeSpan.FromMinutes(1)).End.Code, Is.Zero);
        Assert.That(AudioFile.Load(flac, 16_000), Is.EqualTo(tone).Within(1e-4));
        Assert.That(AudioFile.Load(flac, 16_000, 0.5, 0.25), Is.EqualTo(tone[8000..12_000]).Within(1e-4));
    }

    [Test]
    public void A_WAV_file_needs_no_ending_and_text_with_one_is_no_sound()
    {
        WaveFile.Write(folder.In("named"), new Waveform([0, 0.5f], 8000));
        Assert.That(AudioFile.Load(folder.In("named"), 8000), Is.EqualTo(new[] { 0, 0.5f }));
        File.WriteAllText(folder.In("text.WAV"), "hello");
        Assert.That(
            () => AudioFile.Load(folder.In("text.WAV"), 8000),
            Throws.InstanceOf<InvalidDataException>().With.Message
                .EqualTo($"{folder.In("text.WAV")} cannot be read as sound: it does not begin with RIFF and WAVE; expected a WAV file."));
    }

    [Test]
    public void What_no_program_decodes_is_refused_in_one_sentence()
    {
        File.WriteAllText(folder.In("text.flac"), "hello");
        File.WriteAllText(folder.In("empty.flac"), "");
        Assert.That(
            () => AudioFile.Load(folder.In("text.flac"), 8000),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(folder.In("text.flac")).And.Message.Not.Contains("\n"));
        Assert.That(
            () => AudioFile.Load(folder.In("empty.flac"), 8000),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{folder.In("empty.flac")} is empty; expected sound."));
    }
}
