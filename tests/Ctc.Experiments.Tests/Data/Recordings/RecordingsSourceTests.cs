using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Tests.Data.Audio;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Recordings;

public class RecordingsSourceTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Write()
    {
        folder = new TemporaryFolder();
        for (int i = 0; i < 4; i++) WaveFile.Write(folder.In($"{i}.wav"), new Waveform(Tone.Of(200 * (i + 1), 8000, 8000), 8000));
        File.WriteAllLines(folder.In("train"), [Line(0, "\"text\": \"ab\", \"speaker\": \"x\""), Line(1, "\"text\": \"b\"")]);
        File.WriteAllLines(folder.In("dev"), [Line(2, "\"text\": \"a b\"")]);
        File.WriteAllLines(folder.In("test"), [Line(3, "\"text\": \"ba\", \"offset\": 0.25, \"duration\": 0.5, \"writer\": \"y\"")]);

        static string Line(int file, string rest) => $"{{\"audio_filepath\": \"{file}.wav\", {rest}}}";
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    // Each of the two letters of the first line.
    private void WriteTimes()
    {
        string[] lines = File.ReadAllLines(folder.In("train"));
        File.WriteAllLines(folder.In("train"), [lines[0].Replace("}", ", \"times\": [[0, 0.125], [0.5, 1.01]]}", StringComparison.Ordinal), lines[1]]);
    }

    [Test]
    public void Utterances_have_features_times_and_groups()
    {
        WriteTimes();
        Dataset data = new RecordingsSource(Few() with { Symbols = ManifestOptions.FromAllSets }).Load();
        Assert.That(data.Alphabet.Symbols, Is.EqualTo(new[] { " ", "a", "b" }));
        Assert.That((data.FeatureSize, data.FrameMilliseconds), Is.EqualTo((12, 10)));
        Assert.That(data.Train.Select(line => (line.Id, line.Frames, line.Group)), Is.EqualTo(new[] { ("0.wav", 100, "x"), ("1.wav", 100, null) }));
        Assert.That(data.Train[0].Spans, Is.EqualTo(new[] { new FrameInterval(0, 12.5), new FrameInterval(50, 100) }), "no later than the end");
        Assert.That(data.Train[1].Spans, Is.Null);
        Assert.That((data.Test[0].Frames, data.Test[0].Id), Is.EqualTo((50, "3.wav@0.25")));
    }

    [Test]
    public void Lines_and_recordings_that_are_not_valid_are_an_error_or_left_out([Values] bool isKept)
    {
        RecordingsOptions options = Few() with { Symbols = ManifestOptions.FromAllSets };
        Dataset before = new RecordingsSource(options).Load();
        File.WriteAllText(folder.In("noise.wav"), "no sound");
        string[] invalid = ["no JSON", "{\"audio_filepath\": \"noise.wav\", \"text\": \"ab\"}", "{\"audio_filepath\": \"gone.wav\", \"text\": \"b\"}"];
        File.WriteAllLines(folder.In("train"), [.. File.ReadAllLines(folder.In("train")), .. invalid]);
        List<string> told = [];
        using var cache = new FeatureCache(isKept ? folder.In("cache") : null, told.Add);
        Assert.That(
            () => new RecordingsSource(options, cache).Load(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("train:3").And.Message.Contains("train:5"));
        var source = new RecordingsSource(options with { Invalid = InvalidLines.Drop }, cache);
        Dataset data = source.Load();
        Assert.That(data.Train.Select(line => line.Id), Is.EqualTo(new[] { "0.wav", "1.wav" }));
        Assert.That(data.Test[0].ReadFeatures(), Is.EqualTo(before.Test[0].ReadFeatures()), "behind those that are left out");
        Assert.That(told, Is.EqualTo(new[] { $"{folder.In("train")}: 3 lines are not valid and are left out of the data." }));
        Assert.That(source.ContentWithoutGroups(folder.In("train"))!.Split('\n'), Has.Length.EqualTo(3), "the file of the second is there");
    }

    [Test]
    public void What_is_written_is_read_with_the_same_features()
    {
        var source = new RecordingsSource(Few() with { Symbols = ManifestOptions.FromAllSets });
        Utterance line = source.Load().Test[0];
        Utterance read = source.Read(source.Write(line, folder.Path)!);
        Assert.That((read.Id, read.Target.Length), Is.EqualTo(("3.wav@0.25.wav", 0)));
        Assert.That(read.ReadFeatures(), Is.EqualTo(line.ReadFeatures()).Within(1e-4));
    }

    [Test]
    public void Features_are_computed_once_for_each_piece_of_each_file()
    {
        using var cache = new FeatureCache(folder.In("cache"), Assert.Fail);
        RecordingsOptions options = Few() with { Symbols = ManifestOptions.FromAllSets };
        new RecordingsSource(options, cache).Load();
        Assert.That(cache.Computed, Is.EqualTo(4));
        new RecordingsSource(options with { Unit = TextUnit.Word }, cache).Load();
        Assert.That(cache.Computed, Is.EqualTo(4), "texts change no feature");
        new RecordingsSource(options with { Bands = 10 }, cache).Load();
        Assert.That(cache.Computed, Is.EqualTo(8));
    }

    [Test]
    public void Groups_are_no_part_of_the_content_and_times_are()
    {
        WriteTimes();
        var source = new RecordingsSource(Few());
        string before = source.ContentWithoutGroups(folder.In("train"))!;
        string[] lines = File.ReadAllLines(folder.In("train"));
        File.WriteAllText(folder.In("train"), string.Join('\n', lines).Replace("\"x\"", "\"z\"", StringComparison.Ordinal));
        Assert.That(source.ContentWithoutGroups(folder.In("train")), Is.EqualTo(before));
        File.WriteAllText(folder.In("train"), string.Join('\n', lines).Replace("0.125", "0.25", StringComparison.Ordinal));
        Assert.That(source.ContentWithoutGroups(folder.In("train")), Is.Not.EqualTo(before));
        Assert.That(source.TestGroups(), Is.EqualTo(new Dictionary<string, string?> { ["3.wav@0.25"] = "y" }));
        Assert.That(source.DataFiles().Select(Path.GetFileName), Is.EqualTo(new[] { "0.wav", "1.wav", "2.wav", "3.wav" }));
    }

    [Test]
    public void Words_and_phones_are_symbols_between_spaces()
    {
        var source = new RecordingsSource(Few() with { Unit = TextUnit.Word, Symbols = ManifestOptions.FromAllSets });
        Assert.That(source.Load().Alphabet.Symbols, Is.EqualTo(new[] { "a", "ab", "b", "ba" }));
        Assert.That(source.ToText(["to", "be"]), Is.EqualTo("to be"));
        Assert.That(new RecordingsSource(Few()).ToText(["t", "o"]), Is.EqualTo("to"));
    }

    [Test]
    public void Bad_sound_is_named_with_its_line_and_an_unknown_symbol_is_refused()
    {
        Assert.That(
            () => new RecordingsSource(Few()).Load(),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("1 symbols of dev or test are in no line of "));
        File.WriteAllBytes(folder.In("1.wav"), File.ReadAllBytes(folder.In("1.wav"))[..^10]);
        Assert.That(
            () => new RecordingsSource(Few() with { Symbols = ManifestOptions.FromAllSets }).Load(),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("train")}:2: {folder.In("1.wav")} cannot be read as sound: 16000 bytes of samples should follow, but 15990 do; "
                + "expected a whole file."));
    }

    [Test]
    public void Pieces_of_a_recording_may_be_in_two_sets_and_the_same_piece_may_not()
    {
        File.WriteAllText(folder.In("dev"), """{"audio_filepath": "3.wav", "text": "a", "offset": 0, "duration": 0.25}""");
        Assert.That(new RecordingsSource(Few()).Load().Dev[0].Frames, Is.EqualTo(25));
        File.WriteAllText(folder.In("dev"), """{"audio_filepath": "3.wav", "text": "a", "offset": 0.25, "duration": 0.5}""");
        Assert.That(
            () => new RecordingsSource(Few()).Load(),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("test")}:1: the recording {folder.In("3.wav")} is that of {folder.In("dev")}:1 too; expected sets that share no "
                + "recording, nor a copy of one."));
    }

    private RecordingsOptions Few() => new()
    {
        Train = folder.In("train"), Dev = folder.In("dev"), Test = folder.In("test"), Rate = 8000, Bands = 12,
    };
}
