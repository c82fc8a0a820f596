using System.IO.Compression;
using System.Text.Json.Nodes;
using Ctc.Cli.Commands.Decode;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc decode --tokens</c>: emissions of other programs.</summary>
public class DecodeEmissionsTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty()
    {
        folder = new TemporaryFolder();
        File.WriteAllText(folder.In("tokens.txt"), "a\n|\nb\n<blank>\n");
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Files_and_archives_are_read_whatever_the_number_of_the_blank()
    {
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfSingles([5, 4], Frames<float>("a--|b")));
        using (ZipArchive archive = ZipFile.Open(folder.In("y.npz"), ZipArchiveMode.Create))
        {
            foreach ((string name, string path) in new[] { ("one", "b-bb"), ("two", "----"), ("three", "aab") })
            {
                using Stream entry = archive.CreateEntry($"{name}.npy").Open();
                entry.Write(NumpyBytes.OfDoubles([1, path.Length, 4], Frames<double>(path)));
            }
        }

        CommandOutput read = Decode(folder.In("x.npy"), folder.In("y.npz"));
        string y = folder.In("y.npz");
        Assert.That(
            (read.ExitCode, read.Output, read.Error),
            Is.EqualTo((0, $"{folder.In("x.npy")}\ta b\n{y}:one\tbb\n{y}:two\t\n{y}:three\tab\n", "")));
    }

    [Test]
    public void Hypotheses_have_ranks_and_scores_and_JSON_has_tokens()
    {
        // Best path: ln(0.7 · 0.6) for "a" then blank.
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([2, 4], 0.7, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.6));
        CommandOutput ranked = Decode("--probabilities", "--nbest", "3", folder.In("x.npy"));
        Assert.That((ranked.ExitCode, ranked.Output, ranked.Error), Is.EqualTo((0, $"{folder.In("x.npy")}\t1\t-0.8675\ta\n", "")));
        JsonNode json = JsonNode.Parse(Decode("--probabilities", "--json", folder.In("x.npy")).Output)!;
        Assert.That(json["frames"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(json["hypotheses"]![0]!["score"]!.GetValue<double>(), Is.EqualTo(Math.Log(0.42)).Within(1e-9));
        Assert.That(json["hypotheses"]![0]!["tokens"]!.ToJsonString(), Is.EqualTo("[\"a\"]"));
    }

    [TestCase("decoder: best-path", """[{"start":1,"end":3},{"start":3,"end":4},{"start":5,"end":6}]""")]
    [TestCase("decoder: prefix-beam", """[{"start":1,"end":3},{"start":3,"end":4},{"start":5,"end":6}]""")]
    [TestCase("topology: selfless", """[{"start":1,"end":2},{"start":2,"end":3},{"start":3,"end":4},{"start":5,"end":6}]""")]
    public void JSON_has_the_frames_of_each_token(string decoding, string frames)
    {
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([6, 4], Frames<double>("-aab-b")));
        File.WriteAllText(folder.In("decoding.yaml"), decoding);
        JsonNode read = JsonNode.Parse(Decode("--decoding", folder.In("decoding.yaml"), "--json", folder.In("x.npy")).Output)!["hypotheses"]![0]!;
        Assert.That(read["token_frames"]!.ToJsonString(), Is.EqualTo(frames));
        Assert.That(read["token_frames"]!.AsArray(), Has.Count.EqualTo(read["tokens"]!.AsArray().Count));
    }

    [Test]
    public void A_file_of_decoding_names_topology_and_decoder()
    {
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([4, 4], Frames<double>("aa-b")));
        File.WriteAllText(folder.In("selfless.yaml"), "topology: selfless\ndecoder: best-path\n");
        File.WriteAllText(folder.In("wrong.yaml"), "targets: []\n");
        Assert.That(Decode("--decoding", folder.In("selfless.yaml"), folder.In("x.npy")).Output, Does.EndWith("\taab\n"));
        CommandOutput wrong = Decode("--decoding", folder.In("wrong.yaml"), folder.In("x.npy"));
        Assert.That(
            (wrong.ExitCode, wrong.Error),
            Is.EqualTo((2, $"ctc: {folder.In("wrong.yaml")}:1:1: unknown key 'targets'; expected decoder, language-model, topology\n")));
        CommandOutput missing = Decode("--decoding", folder.In("no.yaml"), folder.In("x.npy"));
        Assert.That(missing.ExitCode, Is.EqualTo(2));
        Assert.That(missing.Error, Does.EndWith("no.yaml: there is no such file; expected a YAML file of decoding.\n"));
    }

    [TestCase("topology: transducer\n", "The topology is a transducer, whose tokens depend on those before; expected one of frames, such as ctc.\n")]
    [TestCase("decoder: transducer-beam\n",
        ":1:10: 'transducer-beam' reads a transducer, and the topology is none; expected a decoder of frames, such as best-path or prefix-beam\n")]
    public void Transducers_are_refused(string decoding, string sentence)
    {
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([4, 4], Frames<double>("aa-b")));
        File.WriteAllText(folder.In("decoding.yaml"), decoding);
        CommandOutput refused = Decode("--decoding", folder.In("decoding.yaml"), folder.In("x.npy"));
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        Assert.That(refused.Error, Does.EndWith(sentence));
        Assert.That(refused.Error.Split('\n'), Has.Length.EqualTo(2), "one sentence");
    }

    [Test]
    public void Words_of_a_lexicon_are_printed_with_their_symbols_and_frames()
    {
        // "b" is likelier in the last frame, and "ab b" no word.
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([4, 4], [.. Frames<double>("a-|"), 2.0, 0.0, 2.1, -5.0]));
        File.WriteAllText(folder.In("words.txt"), "eh 0.5 a\nah a\nbe <space> b\n");
        File.WriteAllText(folder.In("beam.yaml"), "decoder: { prefix-beam: { lexicon: words.txt } }\n");
        CommandOutput wrong = Decode("--decoding", folder.In("beam.yaml"), folder.In("x.npy"));
        Assert.That(
            (wrong.ExitCode, wrong.Error),
            Is.EqualTo((2, "ctc: The lexicon: 'be' begins with the separator; expected a symbol of the word.\n")));

        File.WriteAllText(folder.In("words.txt"), "eh 0.5 a\nah a\n");
        Assert.That(Decode("--decoding", folder.In("beam.yaml"), folder.In("x.npy")).Output, Is.EqualTo($"{folder.In("x.npy")}\tah ah\n"));
        JsonNode json = JsonNode.Parse(Decode("--decoding", folder.In("beam.yaml"), "--json", folder.In("x.npy")).Output)!;
        Assert.That(
            json["hypotheses"]![0]!["words"]!.ToJsonString(),
            Is.EqualTo("""[{"word":"ah","symbols":["a"],"start":0,"end":1},{"word":"ah","symbols":["a"],"start":3,"end":4}]"""));
    }

    [Test]
    public void CTM_has_the_seconds_of_words_and_tokens()
    {
        File.WriteAllBytes(folder.In("x y.npy"), NumpyBytes.OfDoubles([8, 4], Frames<double>("-aab||-b")));
        File.WriteAllText(folder.In("words.yaml"), "decoder: { prefix-beam: { lexicon: words.txt } }\n");
        File.WriteAllText(folder.In("words.txt"), "abba a b\nbe b\n");
        string name = folder.In("x_y.npy");
        CommandOutput words = Decode("--ctm", "word", "--frame-ms", "40", folder.In("x y.npy"));
        Assert.That((words.ExitCode, words.Output, words.Error), Is.EqualTo((0, $"{name} 1 0.040 0.120 ab\n{name} 1 0.280 0.040 b\n", "")));
        Assert.That(
            Decode("--ctm", "token", "--frame-ms", "1000", folder.In("x y.npy")).Output,
            Is.EqualTo($"{name} 1 1.000 2.000 a\n{name} 1 3.000 1.000 b\n{name} 1 4.000 2.000 <space>\n{name} 1 7.000 1.000 b\n"));
        Assert.That(
            Decode("--ctm", "word", "--frame-ms", "10", "--decoding", folder.In("words.yaml"), folder.In("x y.npy")).Output,
            Is.EqualTo($"{name} 1 0.010 0.030 abba\n{name} 1 0.070 0.010 be\n"));
    }

    [Test]
    public void The_speed_is_told_on_the_standard_error()
    {
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([4, 4], Frames<double>("aa-b")));
        Assert.That(
            Decode("--timing", "--frame-ms", "10", folder.In("x.npy"), folder.In("x.npy")).Error,
            Does.Match(@"^ctc: 2 utterances with 8 frames in \d+\.\d\d s, \d+ frames a second, real-time factor \d+\.\d{4}\n$"));
        Assert.That(Decode("--timing", folder.In("x.npy")).Error, Does.EndWith("frames a second\n"));
        var progress = new DecodingProgress(2, null);
        progress.Count(300);
        Assert.That(
            progress.Summarize(10, seconds: 1.5), Is.EqualTo("1 utterances with 300 frames in 1.50 s, 200 frames a second, real-time factor 0.5000"));
        Assert.That(progress.Summarize(null, seconds: 1.5), Does.EndWith("200 frames a second"), "a frame of unknown duration");
        progress = new DecodingProgress(2, null);
        progress.Count(100, 10);
        progress.Count(50, 20);
        Assert.That(progress.Summarize(null, seconds: 1), Does.EndWith("150 frames a second, real-time factor 0.5000"));
    }

    [Test]
    public void On_a_terminal_a_line_counts_the_inputs()
    {
        using var terminal = new StringWriter();
        var progress = new DecodingProgress(2, terminal);
        progress.EndInput();
        progress.EndInput();
        Assert.That(terminal.ToString(), Is.EqualTo("\r1 of 2 inputs\r\e[K"));
    }

    [Test]
    public void A_bad_file_is_named_and_the_others_are_read()
    {
        File.WriteAllBytes(folder.In("narrow.npy"), NumpyBytes.OfDoubles([1, 3], 0, 0, 0));
        File.WriteAllBytes(folder.In("nan.npy"), NumpyBytes.OfDoubles([1, 4], 0, double.NaN, 0, 0));
        File.WriteAllBytes(folder.In("never.npy"), NumpyBytes.OfDoubles([1, 4], [.. Enumerable.Repeat(double.NegativeInfinity, 4)]));
        File.WriteAllBytes(folder.In("chances.npy"), NumpyBytes.OfDoubles([1, 4], 0.25, 0.25, 0.5, 0));
        File.WriteAllText(folder.In("text.npy"), "text");
        File.WriteAllBytes(folder.In("good.npy"), NumpyBytes.OfDoubles([1, 4], Frames<double>("b")));
        string[] names = ["narrow", "nan", "never", "chances", "text", "good"];
        CommandOutput read = Decode([.. names.Select(name => folder.In($"{name}.npy"))]);
        Assert.That((read.ExitCode, read.Output), Is.EqualTo((2, $"{folder.In("good.npy")}\tb\n")));
        string[] sentences =
        [
            "has the shape (1, 3); expected (frames, 4), a number for each token.",
            "holds NaN in frame 0; expected numbers below +∞.",
            "makes every token impossible in frame 0; expected a possible one.",
            "has probabilities in every frame; expected logits or log-probabilities, or --probabilities.",
            "is no array of NumPy; expected an .npy file.",
        ];
        string named = string.Concat(sentences.Select((sentence, i) => $"ctc: {folder.In($"{names[i]}.npy")} {sentence}\n"));
        Assert.That(read.Error, Is.EqualTo(named + "ctc: 5 inputs are left out, 1 read.\n"));
    }

    [TestCase(new[] { "decode", "r" }, "ctc: expected at least one FILE after RUN.\n")]
    [TestCase(new[] { "decode", "r", "x", "--blank", "0" }, "ctc: --blank and --probabilities describe emissions; expected --tokens with them.\n")]
    [TestCase(new[] { "decode", "r", "x", "--ctm", "line", "--frame-ms", "1" }, "ctc: --ctm is 'line'; expected word or token.\n")]
    [TestCase(new[] { "decode", "x", "--tokens", "t", "--ctm", "word" }, "ctc: --ctm prints seconds; expected --frame-ms with it.\n")]
    [TestCase(
        new[] { "decode", "r", "x", "--ctm", "word", "--frame-ms", "1", "--json" },
        "ctc: --ctm prints one hypothesis; expected no --json or --nbest.\n")]
    [TestCase(new[] { "decode", "r", "x", "--frame-ms", "0" }, "ctc: --frame-ms is 0; expected a number of milliseconds above 0.\n")]
    [TestCase(new[] { "decode", "x", "--tokens", "t", "--emissions" }, "ctc: --emissions applies transforms of a run; expected no --tokens with it.\n")]
    [TestCase(
        new[] { "decode", "x", "--tokens", "t", "--manifest", "m" }, "ctc: --manifest names inputs of a run; expected no --tokens with it.\n")]
    [TestCase(new[] { "decode", "r", "x", "--nbest", "0" }, "ctc: --nbest is 0; expected 1 or more.\n")]
    [TestCase(new[] { "decode", "x.npy", "--tokens", "nowhere.txt" }, "nowhere.txt cannot be read: ")]
    [TestCase(new[] { "decode", "x.npy", "--tokens", "." }, " cannot be read: it is a folder; expected a file.\n")]
    [Category("Slow")]
    public void A_bad_command_line_is_refused(string[] arguments, string sentence)
    {
        CommandOutput refused = CtcInProcess.Run(arguments);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        Assert.That(refused.Error, Does.Contain(sentence));
    }

    // Logits of 5 for one token in each frame, in the order of tokens.txt.
    private static T[] Frames<T>(string path)
        where T : System.Numerics.INumber<T> =>
        [.. path.SelectMany(symbol => "a|b-".Select(token => token == symbol ? T.CreateChecked(5) : T.Zero))];

    private CommandOutput Decode(params string[] arguments) => CtcInProcess.Run(["decode", "--tokens", folder.In("tokens.txt"), .. arguments]);
}
