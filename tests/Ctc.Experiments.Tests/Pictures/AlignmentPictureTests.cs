using Ctc.Experiments.Alignments;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Pictures;

public class AlignmentPictureTests
{
    private static readonly Alphabet Letters = new(["a", "b", "c"]);

    [TestCase(1, 0)]
    [TestCase(1, 1)]
    [TestCase(12, 3)]
    [TestCase(40, 0)]
    [TestCase(2000, 5)]
    [Category("Slow")]
    public void Frames_of_any_number_and_targets_of_any_length_are_drawn(int frames, int length)
    {
        using SKBitmap picture = Draw(Drawing(frames, length));
        float plot = Math.Min(17 * frames, 900);
        Assert.That(picture.Width, Is.EqualTo(2 * Math.Max(420, Math.Ceiling(58 + plot + 66))));
        Assert.That(picture.Height, Is.InRange(400, 1600));
    }

    [Test]
    public void An_utterance_without_frames_has_a_picture()
    {
        using SKBitmap picture = Draw(Drawing(0, 0));
        Assert.That(picture.Width, Is.EqualTo(840));
    }

    [Test]
    public void A_model_may_join_frames()
    {
        AlignmentDrawing drawing = Drawing(12, 3, Line(23, 3));
        Assert.That(drawing.Stride, Is.EqualTo(2));
        using SKBitmap picture = Draw(drawing), whole = Draw(Drawing(23, 3));
        Assert.That(picture.Width, Is.EqualTo(whole.Width).Within(2 * 17)); // Half of the frames, twice as wide, and the last half empty.
    }

    [Test]
    public void What_is_not_known_is_left_out()
    {
        AlignmentDrawing known = Drawing(12, 3);
        using SKBitmap all = Draw(known);
        using SKBitmap less = Draw(new AlignmentDrawing(known.Utterance, Letters, known.Posteriors, null, known.ViterbiPath, "abc"));
        var unmarked = new Utterance(known.Utterance.Id, known.Utterance.ReadFeatures(), known.Utterance.Frames, known.Utterance.Target);
        using SKBitmap least = Draw(new AlignmentDrawing(unmarked, Letters, known.Posteriors, null, null, "abc"));
        Assert.That(less.Height, Is.LessThan(all.Height));
        Assert.That(least.Height, Is.LessThan(less.Height));
    }

    [Test]
    [Category("Slow")]
    public void Hypotheses_and_words_are_drawn_below()
    {
        AlignmentDrawing without = Drawing(12, 3);
        AlignmentDrawing Having(params Hypothesis[] hypotheses) =>
            new(without.Utterance, Letters, without.Posteriors, without.Occupancy, without.ViterbiPath, "abc") { Hypotheses = hypotheses };
        using SKBitmap none = Draw(without), one = Draw(Having(new Hypothesis([1], -1) { Path = new long[12] }));
        using SKBitmap two = Draw(Having(new Hypothesis([1], -1) { Path = new long[12] }, new Hypothesis([2], -2)));
        Assert.That(one.Height - none.Height, Is.EqualTo(2 * (34 + 26 + 26 + 14)), "heading, likeliest tokens, path, text");
        Assert.That(two.Height - one.Height, Is.EqualTo(2 * 14), "a hypothesis without a path is a line of text");
        Assert.That(Having().FindPath(new Hypothesis([1], 0) { Path = new long[11] }), Is.Null, "a path of another length is not drawn");

        AlignmentDrawing words = new(without.Utterance, Letters, without.Posteriors, without.Occupancy, without.ViterbiPath, "abc")
        {
            Words = [new AlignedWord("word", ["a"], 2, 5)],
        };
        using SKBitmap withWords = Draw(words);
        Assert.That(withWords.Height - none.Height, Is.EqualTo(2 * 26));
    }

    [Test]
    public void Edges_are_a_row_and_a_head_with_more_frames_has_a_panel()
    {
        AlignmentDrawing plain = Drawing(12, 3);
        AlignmentDrawing edges = new(plain.Utterance, Letters, plain.Posteriors, plain.Occupancy, plain.ViterbiPath, "abc")
        {
            Edges = [new FrameInterval(1, 3.5), new FrameInterval(3.5, 7), new FrameInterval(7, 9.25)], Heads = [("narrow", new float[24, 4])],
        };
        using SKBitmap without = Draw(plain), with = Draw(edges);
        Assert.That(with.Height - without.Height, Is.EqualTo(2 * (26 + 34 + (4 * 14))), "a row of boxes, a heading, and a row for each of 4 tokens");
        Assert.That(with.Width, Is.EqualTo(without.Width));
        Assert.That(edges.StrideOf(24), Is.EqualTo(1), "no fewer than a frame of the utterance");
    }

    [Test]
    public void A_new_input_has_no_target_and_an_aligned_empty_one_has()
    {
        AlignmentDrawing aligned = Drawing(12, 0);
        AlignmentDrawing unknown = new(aligned.Utterance, Letters, aligned.Posteriors, null, null, "");
        Assert.That((aligned.HasTarget, unknown.HasTarget), Is.EqualTo((true, false)));
        using SKBitmap picture = Draw(unknown);
        Assert.That(picture.Height, Is.GreaterThan(0));
    }

    [Test]
    public void A_large_alphabet_shows_the_tokens_that_matter()
    {
        var alphabet = new Alphabet([.. Enumerable.Range(0, 100).Select(i => $"s{i}")]);
        float[,] posteriors = new float[5, 101];
        posteriors[2, 77] = 0.9f;
        var drawing = new AlignmentDrawing(new Utterance("x", new float[10], 5, [93, 12]), alphabet, posteriors, null, null, "");
        Assert.That(drawing.Rows, Is.EqualTo(new[] { 93, 12, 77, 0 }), "the target, what else was read, the blank");
    }

    [Test]
    public void Every_token_of_the_target_and_of_the_reading_has_a_row()
    {
        var alphabet = new Alphabet([.. Enumerable.Range(0, 100).Select(i => $"s{i}")]);
        long[] target = [.. Enumerable.Range(0, 20).Select(u => 40L - u % 17)];
        float[,] posteriors = new float[20, 101];
        for (int t = 0; t < 20; t++) posteriors[t, t is 3 or 9 ? 60 + t : target[t]] = 0.9f; // Two tokens are misread.
        var drawing = new AlignmentDrawing(new Utterance("x", new float[20], 20, target), alphabet, posteriors, null, null, "");
        Assert.That(drawing.Rows, Is.EqualTo((int[])[40, 39, 38, 37, 63, 36, 35, 34, 33, 32, 31, 69, 30, 29, 28, 27, 26, 25, 24, 0]));
    }

    [Test]
    public void Forty_tokens_have_rows_and_the_others_are_counted()
    {
        var alphabet = new Alphabet([.. Enumerable.Range(0, 100).Select(i => $"s{i}")]);
        AlignmentDrawing Long(int tokens) => new(
            new Utterance("x", new float[60], 60, [.. Enumerable.Range(1, tokens).Select(token => (long)token)]),
            alphabet, new float[60, 101], null, null, "");

        Assert.That(Long(43).Rows, Is.EqualTo((int[])[.. Enumerable.Range(1, 40), 0]));
        Assert.That(new HeatPanel("p", Long(43), new float[60, 101], Palette.Blues).Heading, Is.EqualTo("p (+ 3 more tokens)"));
        Assert.That(new HeatPanel("p", Long(40), new float[60, 101], Palette.Blues).Heading, Is.EqualTo("p"));
    }

    [TestCase(" ", "␣")]
    [TestCase("\u3000", "U+3000")]
    [TestCase("\u200B", "U+200B")]
    [TestCase("\u0E34", "◌\u0E34")]
    [TestCase("e\u0301", "e\u0301")]
    [TestCase("a b", "a b")]
    public void Every_symbol_has_a_label_with_ink(string symbol, string label) => Assert.That(VisibleSymbol.From(symbol), Is.EqualTo(label));

    [Test]
    public void A_path_through_tokens_without_a_row_is_drawn_without_dots()
    {
        var alphabet = new Alphabet([.. Enumerable.Range(0, 100).Select(i => $"s{i}")]);
        long[] target = [.. Enumerable.Range(1, 30)];
        var line = new Utterance("x", new float[30], 30, target);
        using SKBitmap picture = Draw(new AlignmentDrawing(line, alphabet, new float[30, 101], null, target, ""));
        Assert.That(picture.Height, Is.GreaterThan(0));
    }

    [Test]
    public void What_is_not_a_number_is_drawn_as_nothing()
    {
        float[] features = new float[12];
        (features[4], features[5]) = (float.NaN, float.PositiveInfinity);
        AlignmentDrawing drawing = Drawing(6, 2, new Utterance("line", features, 6, [1, 2]));
        drawing.Posteriors[3, 1] = float.NaN;
        using SKBitmap picture = Draw(drawing);
        Assert.That(picture.Width, Is.GreaterThan(0));
    }

    [Test]
    public void Runs_of_a_path_skip_blanks_and_keep_repeats_apart()
    {
        (FrameSpan, long)[] runs = [.. StripPanel.Runs([0, 2, 2, 0, 2, 1, 0], blank: 0)];
        Assert.That(runs, Is.EqualTo(new[] { (new FrameSpan(1, 3), 2L), (new FrameSpan(4, 5), 2L), (new FrameSpan(5, 6), 1L) }));
        Assert.That(StripPanel.Runs([], blank: 0), Is.Empty);
    }

    [Test]
    public void Shapes_that_differ_are_named()
    {
        Refuses(new float[6, 3], new float[6, 4], new long[6], "The shape of the posteriors is 6 × 3; expected 6 frames × 4 tokens.");
        Refuses(new float[6, 4], new float[5, 4], new long[6], "The shape of the occupancy is 5 × 4; expected 6 frames × 4 tokens.");
        Refuses(new float[6, 4], new float[6, 4], new long[7], "The Viterbi path has 7 frames; expected 6.");
    }

    [Test]
    public void The_same_drawing_gives_the_same_file()
    {
        using var folder = new TemporaryFolder();
        AlignmentPicture.Write(folder.In("one.png"), Drawing(12, 3));
        AlignmentPicture.Write(folder.In("two.png"), Drawing(12, 3));
        Assert.That(File.ReadAllBytes(folder.In("two.png")), Is.EqualTo(File.ReadAllBytes(folder.In("one.png"))));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "one.png", "two.png" }));
    }

    [Test]
    public void A_line_from_right_to_left_is_drawn_as_its_image_is()
    {
        float[] features = [.. Enumerable.Range(0, 24).Select(i => (i * 7 % 24) / 24f)];
        AlignmentDrawing Read(bool isRightToLeft) => new(new Utterance("x", features, 12, [1]), Letters, new float[12, 4], null, null, "")
        {
            IsRightToLeft = isRightToLeft,
        };
        using SKBitmap there = Draw(Read(false)), back = Draw(Read(true));
        int left = 2 * 58, width = 2 * 12 * 17, row = 2 * (66 + 34 + 10); // of the plot, and of the input
        SKColor[] Row(SKBitmap picture) => [.. Enumerable.Range(0, width).Select(x => picture.GetPixel(left + x, row))];
        Assert.That(Row(back), Is.EqualTo(Row(there).Reverse()));
        Assert.That(Row(there).Distinct().Count(), Is.GreaterThan(10));
    }

    [TestCase("\u05E9\u05D9", true, Description = "shin is wider than yod, and first")]
    [TestCase("\u05D9\u05E9", false)]
    public void Text_from_right_to_left_begins_on_the_right(string text, bool isRightHeavy)
    {
        using var folder = new TemporaryFolder();
        using var sheet = new Sheet(60, 40, new TimeAxis(0, 1, 1));
        float width = Sheet.Measure(text, 24);
        sheet.Text(text, 5, 30, 24, SKColors.Black);
        sheet.Write(folder.In("x.png"));
        using SKBitmap picture = SKBitmap.Decode(folder.In("x.png"));
        int middle = 2 * (int)(5 + (width / 2));
        int Ink(int from, int to) => Enumerable.Range(from, to - from).Sum(x => Enumerable.Range(0, 80).Sum(y => 255 - picture.GetPixel(x, y).Red));
        Assert.That(Ink(middle, 120) > Ink(0, middle), Is.EqualTo(isRightHeavy));
    }

    private static void Refuses(float[,] posteriors, float[,] occupancy, long[] path, string message)
    {
        var drawing = new AlignmentDrawing(Line(6, 2), Letters, posteriors, occupancy, path, "abc");
        Assert.That(() => AlignmentPicture.Write("x.png", drawing), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    private static SKBitmap Draw(AlignmentDrawing drawing)
    {
        using var folder = new TemporaryFolder();
        AlignmentPicture.Write(folder.In("x.png"), drawing);
        return SKBitmap.Decode(folder.In("x.png")) ?? throw new InvalidDataException("no PNG was written");
    }

    private static AlignmentDrawing Drawing(int frames, int length, Utterance? line = null)
    {
        float[,] even = new float[frames, 4];
        for (int i = 0; i < even.Length; i++) even[i / 4, i % 4] = 0.25f;
        return new AlignmentDrawing(line ?? Line(frames, length), Letters, even, even, new long[frames], "abc");
    }

    private static Utterance Line(int frames, int length)
    {
        IEnumerable<int> places = Enumerable.Range(0, length);
        return new Utterance("line", new float[2 * frames], frames, [.. places.Select(u => u % 3 + 1L)])
        {
            Spans = [.. places.Select(u => new FrameInterval(u, u + 1))],
        };
    }
}
