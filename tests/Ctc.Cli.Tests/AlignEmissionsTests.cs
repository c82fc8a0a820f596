using System.IO.Compression;
using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc align --tokens</c>: texts with emissions of other programs.</summary>
public class AlignEmissionsTests
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
    public void The_path_is_the_best_one_and_not_that_of_the_largest_sums()
    {
        // A back-trace over summed alphas takes frame 1 here. The path 1,0,0,0 has the probability 0.5 · 0.5625 · 0.6 · 7/9.
        File.WriteAllText(folder.In("tokens.txt"), "<blk>\na\n");
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([4, 2], .5, .5, .5625, .4375, .6, .4, 7 / 9.0, 2 / 9.0));
        JsonNode aligned = Json(Align("--probabilities", "--text", "a", folder.In("x.npy"))).Single();
        Assert.That(aligned["score"]!.GetValue<double>(), Is.EqualTo(Math.Log(0.5 * 0.5625 * 0.6 * 7 / 9)).Within(1e-12));
        Assert.That(Spans(aligned["tokens"]!), Is.EqualTo(new[] { ("a", 0, 1) }));
    }

    [Test]
    public void Tokens_and_words_have_frames_edges_and_confidences()
    {
        // The other three tokens are equally likely in each frame.
        Write("x.npy", "-aab||-b", scale: 1.5);
        CommandOutput output = Align("--text", "ab b", "--edges", "midway", "--frame-ms", "500", folder.In("x.npy"));
        JsonNode aligned = Json(output).Single();
        Assert.That((output.ExitCode, output.Error, (string?)aligned["id"], (int)aligned["frames"]!), Is.EqualTo((0, "", "x", 8)));
        Assert.That(Spans(aligned["tokens"]!), Is.EqualTo(new[] { ("a", 1, 3), ("b", 3, 4), (" ", 4, 6), ("b", 7, 8) }));
        Assert.That(
            aligned["words"]!.AsArray().Select(word => (string?)word!["word"]), Is.EqualTo(new[] { "ab", "b" }));
        Assert.That(Numbers(aligned["tokens"]!, "from"), Is.EqualTo(new[] { 1.0, 3, 4, 6.5 }));
        Assert.That(Numbers(aligned["words"]!, "to"), Is.EqualTo(new[] { 4.0, 8 }));
        double likely = Math.Exp(1.5) / (Math.Exp(1.5) + 3);
        Assert.That(Numbers(aligned["tokens"]!, "posterior"), Is.All.EqualTo(likely).Within(1e-12));
        Assert.That(Numbers(aligned["words"]!, "posterior"), Is.All.EqualTo(likely).Within(1e-12));
        Assert.That(Numbers(aligned["tokens"]!, "occupancy"), Is.All.InRange(0.3, 1));
        double[] occupancy = [.. Numbers(aligned["tokens"]!, "occupancy")];
        Assert.That(Numbers(aligned["words"]!, "occupancy").First(), Is.EqualTo(((2 * occupancy[0]) + occupancy[1]) / 3).Within(1e-12));
    }

    [Test]
    public void What_cannot_be_aligned_is_named_and_the_others_are_aligned()
    {
        using (ZipArchive archive = ZipFile.Open(folder.In("many.npz"), ZipArchiveMode.Create))
        {
            foreach ((string name, string path) in new[] { ("short", "b"), ("good", "b-b"), ("strange", "a"), ("unknown", "a") })
            {
                using Stream entry = archive.CreateEntry($"{name}.npy").Open();
                entry.Write(NumpyBytes.OfDoubles([path.Length, 4], Frames(path, 5)));
            }
        }

        File.WriteAllText(folder.In("text.npy"), "text");
        Write("last.npy", "a", 5);
        File.WriteAllText(folder.In("texts"), "short bb\ngood bb\nstrange añb\nlast a\n");
        string[] files = [folder.In("text.npy"), folder.In("many.npz"), folder.In("last.npy")];
        CommandOutput one = Align(["--texts", folder.In("texts"), .. files]);
        CommandOutput two = Align(["--texts", folder.In("texts"), "--threads", "2", .. files]);
        JsonNode[] aligned = Json(one);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.ExitCode, two.ExitCode, two.Output), Is.EqualTo((2, 2, one.Output)));
            Assert.That(aligned.Select(line => (string?)line["id"]), Is.EqualTo(new[] { "short", "good", "last" }));
            Assert.That(aligned.Select(line => line["tokens"] is null), Is.EqualTo(new[] { true, false, false }));
            Assert.That((string?)aligned[0]["problem"], Is.EqualTo($"{folder.In("many.npz")}:short has 1 frames and needs 3"));
            string[] sentences =
            [
                $"{folder.In("text.npy")} is no array of NumPy; expected an .npy file.",
                $"{folder.In("many.npz")}:strange: no tokens spell 'añb'; expected a text of the symbols of the token list.",
                $"{folder.In("many.npz")}:unknown has no text in {folder.In("texts")}; expected a line that begins with 'unknown'.",
                $"{folder.In("many.npz")}:short has 1 frames and needs 3; expected a text that its frames can spell.",
                "4 inputs are left out, 2 aligned.",
            ];
            Assert.That(one.Error, Is.EqualTo(string.Concat(sentences.Select(sentence => $"ctc: {sentence}\n"))));
        }
    }

    [Test]
    public void Each_utterance_has_a_file_in_the_form_asked_for()
    {
        Write("x.npy", "-aab||-b", 5);
        Directory.CreateDirectory(folder.In("other"));
        Write("other/x.npy", "b", 5);
        File.WriteAllText(folder.In("texts"), "x ab b\n");
        string output = folder.In("out", "forms");
        string[] timed = ["--texts", folder.In("texts"), "--frame-ms", "100", "--format"];
        CommandOutput grids = Align([.. timed, "textgrid", "--output", output, folder.In("x.npy")]);
        Assert.That((grids.ExitCode, grids.Error, Path.GetFileName(grids.Output.TrimEnd())), Is.EqualTo((0, "", "x.TextGrid")));
        Assert.That(File.ReadAllText(Path.Combine(output, "x.TextGrid")), Does.Contain("text = \"ab\"").And.Contain("name = \"tokens\""));

        Write("other/x.npy", "ab-|b", 5);
        CommandOutput twice = Align([.. timed, "srt", "--output", output, folder.In("x.npy"), folder.In("other", "x.npy")]);
        Assert.That(twice.ExitCode, Is.EqualTo(2));
        Assert.That(twice.Error, Is.EqualTo(
            "ctc: 'x' and 'x' have one file, x.srt; expected ids whose file names differ.\nctc: 1 input is left out, 1 aligned.\n"));
        Assert.That(
            File.ReadAllText(Path.Combine(output, "x.srt")),
            Is.EqualTo("1\n00:00:00,100 --> 00:00:00,400\nab\n\n2\n00:00:00,700 --> 00:00:00,800\nb\n\n"));
        CommandOutput ctm = Align([.. timed, "ctm", "--unit", "token", folder.In("x.npy")]);
        Assert.That(ctm.Output, Does.Match(@"^x 1 0\.100 0\.200 a 0\.\d{4}\nx 1 0\.300 0\.100 b 0\.\d{4}\nx 1 0\.400 0\.200 <space> 0\.\d{4}\n"));
    }

    [Test]
    public void Another_topology_may_be_chosen()
    {
        Write("x.npy", "aab", 5);
        JsonNode aligned = Json(Align("--text", "aab", "--topology", "no-blank", folder.In("x.npy"))).Single();
        Assert.That(Spans(aligned["tokens"]!), Is.EqualTo(new[] { ("a", 0, 1), ("a", 1, 2), ("b", 2, 3) }));
        CommandOutput refused = Align("--text", "a", "--topology", "no-blnk", folder.In("x.npy"));
        Assert.That(
            (refused.ExitCode, refused.Error),
            Is.EqualTo((2, "ctc: --topology:1:11: no topology 'no-blnk' was found; did you mean 'no-blank'?\n")));
    }

    [Test]
    public void The_pieces_of_a_long_text_are_the_same_by_two_threads()
    {
        string spoken = string.Concat(Enumerable.Repeat("-a-b", 300)), text = string.Concat(Enumerable.Repeat("ab", 300));
        Write("x.npy", spoken, 2);
        string[] arguments = ["--text", text, "--edges", "expected", folder.In("x.npy")];
        CommandOutput one = Align(arguments), two = Align([.. arguments, "--threads", "2"]);
        Assert.That(Spans(Json(one).Single()["tokens"]!).Select(token => token.Item2), Is.EqualTo(Enumerable.Range(0, 600).Select(u => (2 * u) + 1)));
        Assert.That((two.ExitCode, two.Output), Is.EqualTo((0, one.Output)));
    }

    [Test]
    public void Pauses_are_found_where_they_are()
    {
        File.WriteAllText(folder.In("tokens.txt"), "a\n|\nb\n<blank>\nsil\n");
        File.WriteAllBytes(folder.In("x.npy"), NumpyBytes.OfDoubles([10, 5], [.. "ssaassbbas".SelectMany(
            token => "a|b-s".Select(column => column == token ? 5.0 : 0))]));
        JsonNode aligned = Json(Align(
            "--text", "a b a", "--topology", "{no-blank: {silence: sil}}", "--edges", "expected", folder.In("x.npy"))).Single();
        Assert.That(Spans(aligned["tokens"]!), Is.EqualTo(new[] { ("a", 2, 4), (" ", 4, 6), ("b", 6, 8), (" ", 8, 8), ("a", 8, 9) }));
        Assert.That(Numbers(aligned["words"]!, "from"), Is.EqualTo(new[] { 2.0, 6, 8 }).Within(0.1));
        Assert.That(Numbers(aligned["words"]!, "to"), Is.EqualTo(new[] { 4.0, 8, 9 }).Within(0.1));
        Assert.That(aligned["tokens"]![3]!.AsObject().ContainsKey("posterior"), Is.False);
        CommandOutput refused = Align("--text", "a", "--topology", "{no-blank: {silence: pau}}", folder.In("x.npy"));
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((
            2, "ctc: The topology needs the token 'pau', which the outputs do not have; expected it among their tokens, or another topology.\n")));
    }

    [TestCase(new[] { "align", "r" }, "ctc: expected either --set or --manifest.\n")]
    [TestCase(new[] { "align", "r", "x", "--set", "dev" },
        "ctc: there is an argument 'x' beside RUN; expected --manifest FILE, or --tokens for emissions.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--text", "x" },
        "ctc: --texts, --text and --topology are of emissions; expected --tokens with them.\n")]
    [TestCase(new[] { "align", "x", "--tokens", "t" }, "ctc: expected either --texts or --text with --tokens.\n")]
    [TestCase(new[] { "align", "x", "--tokens", "t", "--text", "x", "--set", "dev" },
        "ctc: --set and --manifest name inputs of a run; expected no --tokens with them.\n")]
    [TestCase(new[] { "align", "x", "--tokens", "t", "--text", "x", "--format", "ctm" },
        "ctc: --format ctm has times in seconds; expected --frame-ms with it.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--format", "srt" },
        "ctc: --format srt is a file for each utterance; expected --output with it.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--format", "x" }, "ctc: --format is 'x'; expected json, textgrid, ctm, srt or audacity.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--unit", "word" },
        "ctc: --unit is of ctm, srt and audacity; expected one of them with --format.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--edges", "x" },
        "ctc: --edges is 'x'; expected frames, midway, first, last or expected.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--calibrate", "c", "--calibration", "c" },
        "ctc: --calibrate fits a calibration and --calibration applies one; expected one of them.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--calibrate", "c", "--format", "ctm" },
        "ctc: --calibrate writes no alignments; expected no --format, --unit or --output with it.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--tolerance", "10" }, "ctc: --tolerance is of --calibrate; expected it too.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--calibrate", "c", "--tolerance", "-1" },
        "ctc: --tolerance is -1; expected a number of milliseconds or frames, 0 or more.\n")]
    [TestCase(new[] { "align", "x", "--tokens", "t", "--text", "x", "--calibrate", "c" },
        "ctc: --calibrate needs true positions, which data of a run have; expected no --tokens with it.\n")]
    [TestCase(new[] { "align", "r", "--set", "dev", "--threads", "0" }, "ctc: --threads is 0; expected 1 or more.\n")]
    public void A_bad_command_line_is_refused(string[] arguments, string sentence)
    {
        CommandOutput refused = CtcInProcess.Run(arguments);
        Assert.That((refused.ExitCode, refused.Output, refused.Error), Is.EqualTo((2, "", sentence)));
    }

    [Test]
    [Category("Slow")]
    public void The_commands_of_the_page_work()
    {
        File.WriteAllText(folder.In("tokens.txt"), "<blk>\n|\nb\ne\no\nt\n");
        using (ZipArchive archive = ZipFile.Open(folder.In("outputs.npz"), ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("first.npy").Open();
            entry.Write(NumpyBytes.OfDoubles([6, 6], [.. Enumerable.Range(0, 36).Select(i => Math.Sin(i))]));
        }

        File.WriteAllBytes(folder.In("first.npy"), NumpyBytes.OfDoubles([6, 6], [.. Enumerable.Range(0, 36).Select(i => Math.Sin(i))]));
        File.WriteAllText(folder.In("texts"), "first to be\n");
        CommandOutput run = CtcInProcess.Run("run", "configs/smoke.yaml", "train.epochs=1", "--output", folder.In("runs", "lines"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        string[] commands = [.. DocumentationPage.Blocks("docs/align.md", "sh").SelectMany(block => block.TrimEnd().Split('\n'))];
        Assert.That(commands, Has.Length.GreaterThan(3).And.All.StartsWith("ctc align "));
        foreach (string command in commands)
        {
            string[] words = [.. command.Replace("\"to be\"", "to\0be", StringComparison.Ordinal).Split(' ').Skip(1)];
            CommandOutput done = CtcInProcess.Run(
                [.. words.Select(word => word == "grids" || Path.Exists(folder.In(word)) ? folder.In(word) : word.Replace('\0', ' '))]);
            Assert.That(done.ExitCode, Is.Zero, command);
            Assert.That(done.Error, Does.Match(command.Contains("--set", StringComparison.Ordinal) ? "^ctc: \\d+ edges with a known truth: " : "^$"));
            Assert.That(done.Output, Is.Not.Empty, command);
        }

        Assert.That(Directory.GetFiles(folder.In("grids"), "*.TextGrid"), Has.Length.EqualTo(20));
    }

    private static JsonNode[] Json(CommandOutput output) =>
        [.. output.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private static IEnumerable<(string?, int, int)> Spans(JsonNode tokens) =>
        tokens.AsArray().Select(token => ((string?)token!["symbol"], (int)token["start"]!, (int)token["end"]!));

    private static IEnumerable<double> Numbers(JsonNode parts, string key) => parts.AsArray().Select(part => part![key]!.GetValue<double>());

    private void Write(string name, string path, double scale) =>
        File.WriteAllBytes(folder.In(name), NumpyBytes.OfDoubles([path.Length, 4], Frames(path, scale)));

    // Logits for one token in each frame, in the order of tokens.txt.
    private static double[] Frames(string path, double scale) =>
        [.. path.SelectMany(symbol => "a|b-".Select(token => token == symbol ? scale : 0))];

    private CommandOutput Align(params string[] arguments) => CtcInProcess.Run(["align", "--tokens", folder.In("tokens.txt"), .. arguments]);
}
