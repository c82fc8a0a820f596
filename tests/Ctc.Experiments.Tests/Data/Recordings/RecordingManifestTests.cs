using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Files;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Recordings;

public class RecordingManifestTests
{
    private static readonly SymbolText Letters = new(new TextRules(UnicodeForm.Nfc) { WhiteSpace = WhiteSpace.Collapse });
    private static readonly SymbolText Words = new(new TextRules(UnicodeForm.Nfc) { Unit = TextUnit.Word });

    private TemporaryFolder folder = new();

    [SetUp]
    public void Write()
    {
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("wav"));
        foreach (string name in new[] { "a", "b" }) WaveFile.Write(folder.In("wav", $"{name}.wav"), new Waveform(new float[8000], 8000));
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Lines_of_NeMo_are_read()
    {
        File.WriteAllLines(folder.In("list"),
        [
            """{"audio_filepath": "wav/a.wav", "duration": 1.003, "text": "to be", "lang": "en", "speaker": 7}""",
            "",
            """{"audio_filepath": "wav/b.wav", "offset": 0.25, "duration": 0.5, "text": "or", "id": "second"}""",
            """{"audio_filepath": "wav/b.wav", "offset": 0.5, "tokens": ["sh", "iy"], "times": [[0, 0.125], [0.125, 0.3]]}""",
        ]);
        IReadOnlyList<Recording> lines = RecordingManifest.Load(folder.In("list"), Letters);
        Assert.That(lines.Select(line => (line.Id, line.File, string.Join('|', line.Symbols), line.Group)), Is.EqualTo(new[]
        {
            ("wav/a.wav", folder.In("wav", "a.wav"), "t|o| |b|e", "7"),
            ("second", folder.In("wav", "b.wav"), "o|r", null),
            ("wav/b.wav@0.5", folder.In("wav", "b.wav"), "sh|iy", null),
        }));
        Assert.That(lines[2].Times, Is.EqualTo(new[] { (0, 0.125), (0.125, 0.3) }));
        Assert.That(lines.Select(line => line.Place), Is.EqualTo(new[] { "", " from 0.25 s for 0.5 s", " from 0.5 s for  s" }));
        Assert.That(RecordingManifest.Load(folder.In("list"), Words)[0].Symbols, Is.EqualTo(new[] { "to", "be" }));
    }

    [TestCase("""{"audio_filepath": "wav/c.wav", "text": ""}""", "the recording is wav/c.wav; expected a file, but {0} does not exist.")]
    [TestCase("""{"text": ""}""", "missing key 'audio_filepath'; expected the path of a file of sound.")]
    [TestCase("""{"audio_filepath": "wav/a.wav"}""", "missing key 'text'; expected it, or a list of symbols under 'tokens'.")]
    [TestCase("""{"audio_filepat": "wav/a.wav", "text": ""}""", "unknown key 'audio_filepat'; did you mean 'audio_filepath'?", true)]
    [TestCase("""{"audio_filepath": "wav/a.wav", "text": "", "offset": -1}""", "offset: -1; expected a number of seconds.")]
    [TestCase("""{"audio_filepath": "wav/a.wav", "text": "", "duration": "1"}""", "duration: \"1\"; expected a number of seconds.")]
    [TestCase("""{"audio_filepath": "wav/a.wav", "text": "ab", "times": [[0, 1]]}""", "times: 1 pairs; expected 2, one for each symbol.")]
    [TestCase(
        """{"audio_filepath": "wav/a.wav", "text": "a", "times": [[1]]}""",
        "times[0]: a list; expected a list of pairs, start and end of each symbol in seconds.")]
    [TestCase("""{"audio_filepath": "wav/a.wav", "text": "a", "times": [[1, 0.5]]}""", "times[0][1]: 0.5; expected a number of seconds.")]
    [TestCase("hello", "byte 1 was not expected; expected one JSON object.")]
    public void A_bad_line_is_one_sentence_with_its_place(string line, string message, bool isStart = false)
    {
        File.WriteAllText(folder.In("list"), line);
        string expected = $"{folder.In("list")}:1: {string.Format(null, message, folder.In("wav", "c.wav"))}";
        string found = Assert.Throws<InvalidDataException>(() => RecordingManifest.Load(folder.In("list"), Letters))!.Message;
        Assert.That(isStart ? found[..expected.Length] : found, Is.EqualTo(expected));
    }

    [Test]
    public void A_folder_of_Kaldi_is_read_with_segments_and_without()
    {
        File.WriteAllLines(folder.In("wav.scp"), ["rec-a wav/a.wav", $"rec-b\t{folder.In("wav", "b.wav")}"]);
        File.WriteAllLines(folder.In("text"), ["rec-a to  be", "rec-b or", "utt-1 not", "utt-2"]);
        File.WriteAllLines(folder.In("utt2spk"), ["rec-a anna", "utt-1 anna"]);
        IReadOnlyList<Recording> whole = RecordingManifest.Load(folder.Path, Words);
        Assert.That(whole.Select(line => (line.Id, line.File, string.Join('|', line.Symbols), line.Group, line.Place)), Is.EqualTo(new[]
        {
            ("rec-a", folder.In("wav", "a.wav"), "to|be", "anna", ""), ("rec-b", folder.In("wav", "b.wav"), "or", null, ""),
        }));

        File.WriteAllLines(folder.In("segments"), ["utt-1 rec-b 0.5 0.75", "utt-2 rec-a 0 1", "utt-3 rec-a 0 1"]);
        IReadOnlyList<Recording> pieces = RecordingManifest.Load(folder.Path, Letters);
        Assert.That(pieces.Select(line => (line.Id, line.File, string.Concat(line.Symbols), line.Group, line.Place)), Is.EqualTo(new[]
        {
            ("utt-1", folder.In("wav", "b.wav"), "not", "anna", " from 0.5 s for 0.25 s"),
            ("utt-2", folder.In("wav", "a.wav"), "", null, " from 0 s for 1 s"),
        }));
        Assert.That(RecordingManifest.Load(folder.Path, Letters, needsTexts: false), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_bad_folder_is_one_sentence()
    {
        string Fault(string scp, string text, string? segments = null)
        {
            File.WriteAllText(folder.In("wav.scp"), scp);
            File.WriteAllText(folder.In("text"), text);
            File.Delete(folder.In("segments"));
            if (segments is not null) File.WriteAllText(folder.In("segments"), segments);
            return Assert.Throws<InvalidDataException>(() => RecordingManifest.Load(folder.Path, Letters))!.Message.Replace(folder.Path, "F");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Fault("a sox x.sph |\n", "a b\n"),
                Is.EqualTo("F/wav.scp:1: 'sox x.sph |' is a command, and none is run; expected the path of a file of sound."));
            Assert.That(Fault("a wav/a.wav\na wav/b.wav", "a b"), Is.EqualTo("F/wav.scp:2: 'a' has a line already; expected one."));
            Assert.That(
                Fault("a wav/a.wav", "b c"),
                Is.EqualTo("F has no utterance with a text; expected lines of text with the names of those of wav.scp."));
            Assert.That(
                Fault("a wav/a.wav", "u c", "u a 1 0.5"),
                Is.EqualTo("F/segments:1: 'a 1 0.5' follows the name; expected a recording, its start and its end in seconds."));
            Assert.That(Fault("a wav/a.wav", "u c", "u b 0 1"), Is.EqualTo("F/segments:1: the recording is 'b'; expected one of wav.scp."));
            Assert.That(
                Fault("a wav/c.wav", "a c"), Is.EqualTo("F/wav.scp:1: the recording is wav/c.wav; expected a file, but F/wav/c.wav does not exist."));
            Assert.That(
                Fault("a wav/a.wav\nb wav/c.wav", "u c\nv c\nw c", "u a 0 1\nv b 0 1\nw a 1"),
                Is.EqualTo(
                    "F/segments:2: the recording is wav/c.wav; expected a file, but F/wav/c.wav does not exist.\n"
                    + "F/segments:3: 'a 1' follows the name; expected a recording, its start and its end in seconds."));
        }

        List<string> told = [];
        IReadOnlyList<Recording> valid = RecordingManifest.LoadValid(folder.Path, Letters, new Refusals(told.Add));
        Assert.That((valid.Single().Id, told.Count), Is.EqualTo(("u", 2)), "the last folder: the others are read");
        File.Delete(folder.In("wav.scp"));
        Assert.That(
            () => RecordingManifest.Load(folder.Path, Letters),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.Path} has no wav.scp; expected a data folder of Kaldi, or a file of JSON Lines."));
    }
}
