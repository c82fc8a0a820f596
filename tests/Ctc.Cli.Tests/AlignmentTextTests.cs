using Ctc.Cli.Commands.Show;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Pictures;

namespace Ctc.Cli.Tests;

public class AlignmentTextTests
{
    [Test]
    public void Everything_is_below_each_other_over_one_time_axis()
    {
        // Two frames of the input for each of the model: paper, ink, paper, grey.
        float[] features = [0, 0, 1, 1, 0, 0, 0.5f, 0.5f];
        float[,] posteriors = { { 1, 0, 0 }, { 0.25f, 0.75f, 0 }, { 0.6f, 0.4f, 0 }, { 0.1f, 0, 0.9f } };
        float[,] occupancy = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
        var drawing = new AlignmentDrawing(
            // frames 0, 1 and 2 of the model hold a part of the frames 1 to 4 of the input
            new Utterance("x", features, 8, [1, 2]) { Spans = [new FrameInterval(1, 5), new FrameInterval(6, 8)] },
            new Alphabet(["a", "b"]), posteriors, occupancy, [0, 1, 1, 2], "b")
        {
            Heads = [("middle", occupancy), ("shorter", new float[2, 3])],
            Hypotheses = [new Hypothesis([2], -0.5) { Path = [0, 0, 0, 2] }, new Hypothesis([], -12.25) { Path = [0] }],
            Words = [new AlignedWord("word", ["a", "b"], 1, 4)],
        };
        string[] expected =
        [
            "x: target ab, read b ✗, 4 frames, each of 2 frames of the input",
            "            0",
            "             █ ▒",
            "p: the posterior of each frame",
            "  a          ▓▒",
            "  b            █",
            "  blank     █░▒",
            "p of middle",
            "  a          ██",
            "  b            █",
            "  blank     █",
            "γ: the share of each token, given the target",
            "  a          ██",
            "  b            █",
            "  blank     █",
            "paths",
            "  likeliest ·a·b",
            "  target    ·a─b",
            "  truth     a──b",
            "  1         ···b",
            "",
            "1  -0.5000  b",
            "2  -12.2500  ∅",
            "word: a b",
        ];
        Assert.That(AlignmentText.Draw(drawing), Is.EqualTo(expected));
    }

    [Test]
    public void Long_utterances_go_on_below_and_a_token_keeps_its_stretch()
    {
        long[] path = [.. Enumerable.Repeat(1L, 103), 0];
        float[,] posteriors = new float[104, 2];
        for (int t = 0; t < 104; t++) posteriors[t, path[t]] = 1;
        var drawing = new AlignmentDrawing(new Utterance("x", new float[104], 104, [1]), new Alphabet(["a"]), posteriors, null, path, "a");
        string[] lines = [.. AlignmentText.Draw(drawing)];
        Assert.That(lines.Count(line => line == "paths"), Is.EqualTo(2));
        Assert.That(lines.Where(line => line.StartsWith("  target", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"  target    a{new string('─', 51)}",
            $"  target    {new string('─', 51)}·",
        }));
        Assert.That(lines, Has.One.EqualTo("            52        62        72        82        92        102"));
    }

    [Test]
    public void Equal_tokens_side_by_side_are_two_in_the_truth()
    {
        var utterance = new Utterance("x", new float[4], 4, [1, 1]) { Spans = [new FrameInterval(0, 2), new FrameInterval(2, 4)] };
        var drawing = new AlignmentDrawing(utterance, new Alphabet(["a"]), new float[4, 2], null, null, "");
        Assert.That(AlignmentText.Draw(drawing), Has.One.EqualTo("  truth     a─a─"));
    }

    [Test]
    public void Wide_and_long_symbols_keep_the_columns()
    {
        float[,] posteriors = { { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 }, { 1, 0, 0, 0 } };
        var drawing = new AlignmentDrawing(
            new Utterance("x", new float[4], 4, [1, 2, 3]), new Alphabet(["字", "long", " "]), posteriors, null, null, "字long ");
        string[] lines = [.. AlignmentText.Draw(drawing)];
        Assert.That(lines, Has.One.EqualTo("  likeliest 字─lo…␣──···"));
        Assert.That(lines, Has.One.EqualTo("  long         ███"));
    }

    [Test]
    public void Texts_are_in_the_order_of_reading_and_rows_in_that_of_the_frames()
    {
        var drawing = new AlignmentDrawing(
            new Utterance("x", new float[2], 2, [1, 2]), new Alphabet(["a", "b"]), new float[,] { { 0, 1, 0 }, { 0, 0, 1 } }, null, null, "ba")
        {
            ToText = symbols => string.Concat(symbols.Reverse()), Hypotheses = [new Hypothesis([1, 2], -1)],
        };
        string[] lines = [.. AlignmentText.Draw(drawing)];
        Assert.That(lines[0], Is.EqualTo("x: target ba, read ba ✓, 2 frames"));
        Assert.That(lines, Has.One.EqualTo("  likeliest ab").And.One.EqualTo("1  -1.0000  ba"));
    }

    [Test]
    public void New_and_empty_inputs_are_shown()
    {
        var fresh = new AlignmentDrawing(new Utterance("x", [0], 1, []), new Alphabet(["a"]), new float[,] { { 0, 1 } }, null, null, "a");
        Assert.That(AlignmentText.Draw(fresh).First(), Is.EqualTo("x: read a, 1 frame"));
        var empty = new AlignmentDrawing(new Utterance("x", [], 0, [1]), new Alphabet(["a"]), new float[0, 2], null, null, "");
        Assert.That(AlignmentText.Draw(empty), Is.EqualTo(new[] { "x: target a, read ∅ ✗, 0 frames" }));
    }
}
