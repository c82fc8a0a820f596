using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Data.Synthesis;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Tests.Data.Audio;
using Ctc.Experiments.Tests.Data.Digits;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>A manifest for a trained model names what its data source reads.</summary>
public class ManifestInputsTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void A_model_of_sound_reads_recordings_with_their_times()
    {
        WaveFile.Write(folder.In("tone.wav"), new Waveform(Tone.Of(440, 8000, 8000), 8000));
        const string timed = """{"audio_filepath": "tone.wav", "text": "sh iy", "speaker": "x", "times": [[0, 0.25], [0.25, 0.505]]}""";
        File.WriteAllText(folder.In("list"), timed);
        RecordingsOptions options = new() { Train = "x", Rate = 8000, Bands = 12, Unit = TextUnit.Word };
        FliteOptions phones = new() { Sentences = "x", Rate = 8000, Bands = 12 };
        foreach (IDataSource source in new IDataSource[] { new RecordingsSource(options), new FliteSource(phones) })
        {
            var inputs = new ManifestInputs(source);
            SymbolText symbols = new(inputs.Rules!.Value);
            LabelledInput line = inputs.Load(folder.In("list"), symbols, new Refusals()).Single();
            Utterance read = inputs.ToUtterance(line, new Alphabet(["iy", "sh"]), symbols);
            Assert.That((read.Id, read.Frames, read.Group), Is.EqualTo(("tone.wav", 100, "x")));
            Assert.That(read.Target, Is.EqualTo(new[] { 2, 1 }));
            Assert.That(read.Spans, Is.EqualTo(new[] { new FrameInterval(0, 25), new FrameInterval(25, 50.5) }));
            float[] expected = source.Read(folder.In("tone.wav")).ReadFeatures();
            File.Move(folder.In("tone.wav"), folder.In("away"));
            Assert.That(read.ReadFeatures(), Is.EqualTo(expected), "they are computed once");
            File.Move(folder.In("away"), folder.In("tone.wav"));
        }
    }

    [Test]
    public void Any_other_model_reads_images()
    {
        LineImage.Write(folder.In("line.png"), new Utterance("x", new float[RealDigits.Few.Height * 7], 7, []));
        File.WriteAllText(folder.In("images"), "line.png\t12");
        var inputs = new ManifestInputs(new DigitLinesSource(RealDigits.Few));
        Assert.That(inputs.Rules, Is.Null);
        LabelledInput line = inputs.Load(folder.In("images"), new SymbolText(UnicodeForm.Nfc), new Refusals()).Single();
        Assert.That((inputs.Read(line).Id, inputs.Read(line).Frames), Is.EqualTo(("line.png", 7)));
    }
}
