using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Commands that read recordings with a trained run: bad ones are named and the others are read, and times are in seconds.</summary>
[Category("Slow")]
public class RecordingCommandTests
{
    private const int Rate = 24, Channels = 22, Encoding = 20, Frame = 32, DataLength = 40, Data = 44; // positions in a WAV file

    private readonly TemporaryFolder folder = new();
    private byte[] sound = [];

    [OneTimeSetUp]
    public void Train()
    {
        for (int i = 0; i < 8; i++) SoundFile.Write(folder.In($"{i}.wav"), [.. Enumerable.Range(0, 1600).Select(t => (short)(t * (i + 1)))]);
        sound = File.ReadAllBytes(folder.In("0.wav"));
        File.WriteAllLines(folder.In("train.jsonl"), Enumerable.Range(0, 8).Select(i => Line($"{i}.wav", i % 2 == 0 ? "ab" : "ba")));
        File.WriteAllText(folder.In("x.yaml"), """
            name: x
            data: { source: recordings, train: train.jsonl, rate: 8000, bands: 8 }
            model: { encoder: conv, hidden: 4, layers: 1 }
            train: { epochs: 1, batch-size: 8, learning-rate: 1e-3 }
            """);
        CommandOutput run = CtcInProcess.Run("run", folder.In("x.yaml"), "--output", folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
    }

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Each_bad_recording_is_named_and_the_batch_goes_on()
    {
        (string File, byte[] Content, string Sentence)[] bad =
        [
            ("empty", [], "expected a recording, but ~ is empty, or a pipe or a device."),
            ("truncated", sound[..^10], "3200 bytes of samples should follow, but 3190 do; expected a whole file."),
            ("text", "hello"u8.ToArray(), "it does not begin with RIFF and WAVE; expected a WAV file."),
            ("nan", Changed((Encoding, 3), (Frame, 4 | (32 << 16)), (Data + 8, 0x7FC00000)), "0.00025 s is NaN; expected finite numbers."),
            ("still", Changed((Rate, 0)), "its rate is 0 Hz; expected 1000 to 1000000."),
            ("wide", Changed((Channels, 20)), "it has 20 channels; expected 1 or 2."),
            ("liar", Changed((DataLength, -2)), "4294967294 bytes of samples should follow, but 3200 do; expected a whole file."),
        ];
        foreach ((string file, byte[] content, string _) in bad) File.WriteAllBytes(folder.In($"{file}.wav"), content);
        string[] lines =
        [
            Line("1.wav", "ab"), .. bad.Select(one => Line($"{one.File}.wav", "ab")), "hello", Line("gone.wav", "ab"), Line("2.wav", "ba"),
        ];
        File.WriteAllLines(folder.In("mixed.jsonl"), lines);
        string[] sentences =
        [
            .. bad.Select((one, i) => $":{i + 2}: ~{one.Sentence.Replace("~", folder.In($"{one.File}.wav"), StringComparison.Ordinal)}"),
            ":9: ~byte 1 was not expected; expected one JSON object.", $":10: ~but {folder.In("gone.wav")} does not exist.",
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach ((string[] command, string verb) in new[]
            {
                (new[] { "align", folder.In("run"), "--manifest", folder.In("mixed.jsonl") }, "aligned"),
                ([ "evaluate", folder.In("run"), folder.In("mixed.jsonl"), "--json"], "measured"),
                ([ "decode", folder.In("run"), "--manifest", folder.In("mixed.jsonl"), "--json"], "read"),
                ([ "posteriors", folder.In("run"), folder.In("mixed.jsonl"), "--output", folder.In("p")], "read"),
            })
            {
                CommandOutput done = CtcInProcess.Run(command);
                Assert.That(done.ExitCode, Is.EqualTo(2), command[0]);
                string[] told = done.Error.TrimEnd().Split('\n');
                Assert.That(told, Has.Length.EqualTo(sentences.Length + 1), done.Error);
                Assert.That(told[^1], Is.EqualTo($"ctc: 9 inputs are left out, 2 {verb}."));
                foreach (string sentence in sentences)
                {
                    string[] ends = sentence.Split('~');
                    Assert.That(told, Has.Exactly(1).StartsWith($"ctc: {folder.In("mixed.jsonl")}{ends[0]}").And.EndsWith(ends[1]), command[0]);
                }

                if (command[0] is "align" or "decode") Assert.That(done.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(2));
                if (command[0] == "evaluate") Assert.That(JsonNode.Parse(done.Output)!["utterances"]!.AsArray(), Has.Count.EqualTo(2));
            }
        }
    }

    [Test]
    public void With_bad_recordings_nothing_is_trained_and_all_are_named()
    {
        File.WriteAllBytes(folder.In("short.wav"), sound[..^10]);
        File.WriteAllBytes(folder.In("quiet.wav"), Changed((Rate, 0)));
        string[] lines = [Line("1.wav", "ab"), Line("short.wav", "ab"), Line("2.wav", "ba"), Line("quiet.wav", "ab")];
        File.WriteAllLines(folder.In("bad.jsonl"), lines);
        CommandOutput run = CtcInProcess.Run("run", folder.In("x.yaml"), $"data.train={folder.In("bad.jsonl")}", "--output", folder.In("none"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Match("(?s)^ctc: \\S+bad.jsonl:2: .*\\n\\S+bad.jsonl:4: .*\\n$"));
        File.AppendAllText(folder.In("bad.jsonl"), "hello\nyou\n");
        run = CtcInProcess.Run("run", folder.In("x.yaml"), $"data.train={folder.In("bad.jsonl")}", "--output", folder.In("none"));
        Assert.That(run.Error, Does.Match("^ctc: \\S+bad.jsonl:5: .*\\n\\S+bad.jsonl:6: .*\\n$"), "lines are read before recordings");
        Assert.That(Directory.Exists(folder.In("none")), Is.False);
    }

    [Test]
    public void Times_are_those_of_the_data()
    {
        File.WriteAllText(folder.In("blank.yaml"), "decoder: { prefix-beam: { insertion-bonus: 20 } }\n"); // reads tokens after few steps
        string[] decode = ["decode", folder.In("run"), folder.In("1.wav"), "--decoding", folder.In("blank.yaml")];
        string own = CtcInProcess.Run([.. decode, "--ctm", "token"]).Output;
        string given = CtcInProcess.Run([.. decode, "--ctm", "token", "--frame-ms", "10"]).Output;
        Assert.That((own, own.Length > 0), Is.EqualTo((given, true)));
        CommandOutput json = CtcInProcess.Run([.. decode, "--json", "--timing"]);
        Assert.That((double)JsonNode.Parse(json.Output)!["frame_seconds"]!, Is.EqualTo(0.01));
        Assert.That(json.Error, Does.Contain("real-time factor"));
    }

    [Test]
    public void Each_alignment_has_a_picture()
    {
        CommandOutput drawn = CtcInProcess.Run("align", folder.In("run"), "--set", "train", "--edges", "midway", "--pictures", folder.In("drawn"));
        Assert.That((drawn.ExitCode, drawn.Error), Is.EqualTo((0, "")));
        string[] names = [.. Directory.EnumerateFiles(folder.In("drawn")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.That(names, Has.Length.EqualTo(6).And.All.Match("^[1-6]-[0-7]\\.wav\\.png$"));
        Assert.That(File.ReadAllBytes(folder.In("drawn", names[0])).AsSpan(1, 3).SequenceEqual("PNG"u8), Is.True);
    }

    private static string Line(string file, string text) => $"{{\"audio_filepath\": \"{file}\", \"text\": \"{text}\"}}";

    // Fields of two bytes or of four; that of the bytes of a frame is followed by the bits of a sample.
    private byte[] Changed(params (int At, int Number)[] numbers)
    {
        byte[] changed = [.. sound];
        foreach ((int at, int number) in numbers)
        {
            byte[] bytes = BitConverter.GetBytes(number);
            bytes.AsSpan(0, at is Encoding or Channels ? 2 : 4).CopyTo(changed.AsSpan(at));
        }

        return changed;
    }
}
