using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Tests.Data.Digits;
using Ctc.Tests;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Data.Common;

public class LineImageTests
{
    [Test]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var source = new DigitLinesSource(RealDigits.Few);
        foreach (Utterance line in source.Load().Test)
        {
            LineImage.Write(folder.In("line.png"), line);
            Utterance read = source.Read(folder.In("line.png"));
            Assert.That(read.ReadFeatures(), Is.EqualTo(line.ReadFeatures())); // Exactly: the lines' greys are those of an image.
            Assert.That((read.Id, read.Frames, read.Target.Length), Is.EqualTo(("line.png", line.Frames, 0)));
        }

        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "line.png" }));
    }

    [Test]
    public void Ink_is_dark_on_white_paper()
    {
        using var folder = new TemporaryFolder();
        LineImage.Write(folder.In("line.png"), new Utterance("line", [0, 1, 0.2f, 0], frames: 2, []));
        using SKBitmap image = SKBitmap.Decode(folder.In("line.png"));
        Assert.That((image.Width, image.Height), Is.EqualTo((2, 2)));
        Assert.That(image.Pixels.Select(pixel => pixel.Red), Is.EqualTo(new byte[] { 255, 204, 0, 255 }));
    }

    [Test]
    [Category("Slow")]
    public void A_line_of_another_height_is_scaled([Values(1, 2, 3)] int factor)
    {
        using var folder = new TemporaryFolder();
        Utterance line = new DigitLinesSource(RealDigits.Few).Load().Test[0];
        float[] features = line.ReadFeatures();
        float Ink(int x, int y) => features[x / factor * 10 + y / factor];
        Paint(folder.In("large.png"), factor * line.Frames, factor * 10, (x, y) => Grey(255 - (int)Math.Round(255 * Ink(x, y))));
        Utterance read = LineImage.Load(folder.In("large.png"), 10);
        Assert.That(read.ReadFeatures(), Is.EqualTo(features).Within(1e-6));
    }

    [Test]
    public void Shrinking_takes_the_mean_of_what_a_pixel_covers()
    {
        using var folder = new TemporaryFolder();
        Paint(folder.In("thirds.png"), 3, 3, (x, y) => Grey(x == 1 ? 0 : 255));

        // Each half of the width covers half of the black column, and one and a half columns in all.
        Assert.That(LineImage.Load(folder.In("thirds.png"), 2).ReadFeatures(), Is.EqualTo(Enumerable.Repeat(1 / 3f, 4)).Within(1e-6));
        Assert.That(LineImage.Load(folder.In("thirds.png"), 1).ReadFeatures(), Is.EqualTo(new[] { 1 / 3f }).Within(1e-6));
    }

    [Test]
    public void Colours_become_grey_and_transparency_is_paper()
    {
        using var folder = new TemporaryFolder();
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Transparent, new SKColor(0, 0, 0, 51)];
        Paint(folder.In("colours.png"), 4, 1, (x, _) => colours[x]);
        Assert.That(LineImage.Load(folder.In("colours.png"), 1).ReadFeatures(), Is.EqualTo(new[] { 1 - 0.299f, 1 - 0.587f, 0, 0.2f }).Within(1e-3));
    }

    [Test]
    public void A_file_that_is_no_image_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("text.png"), "no image");
        Refuses(folder.In("text.png"), " cannot be read as an image (Unimplemented); expected an image of one line, a PNG, JPEG, WebP, BMP, GIF or TIFF.");
        Refuses(folder.In("none.png"), " does not exist; expected an image of one line.");
    }

    [Test]
    public void An_image_that_breaks_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        LineImage.Write(folder.In("line.png"), new DigitLinesSource(RealDigits.Few).Load().Test[0]);
        File.WriteAllBytes(folder.In("half.png"), File.ReadAllBytes(folder.In("line.png"))[..^200]);
        Refuses(folder.In("half.png"), " is a damaged image (IncompleteInput); expected an image of one line.");
    }

    [Test]
    [Category("Slow")]
    public void An_image_that_is_too_large_is_refused()
    {
        using var folder = new TemporaryFolder();
        PaintWhite(folder.In("large.png"), 6000, 6000);
        Refuses(folder.In("large.png"), " is 6000 × 6000 pixels large; expected at most 33554432 pixels.");
        PaintWhite(folder.In("long.png"), 8193, 10);
        Refuses(folder.In("long.png"), " is 8193 × 10 pixels large; expected at most 8192 columns at a height of 10.");
    }

    [Test]
    public void An_utterance_without_frames_cannot_be_drawn() =>
        Assert.That(
            () => LineImage.Write("x.png", new Utterance("none", [], 0, [])),
            Throws.ArgumentException.With.Message.EqualTo("Utterance none has no frames; expected at least one column to draw."));

    private static void Refuses(string file, string message) =>
        Assert.That(() => LineImage.Load(file, 10), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(file + message));

    private static SKColor Grey(int level) => new((byte)level, (byte)level, (byte)level);

    private static void Paint(string file, int width, int height, Func<int, int, SKColor> colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(i => colour(i % width, i / width))];
        Write(file, bitmap);
    }

    private static void PaintWhite(string file, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(SKColors.White);
        Write(file, bitmap);
    }

    private static void Write(string file, SKBitmap bitmap)
    {
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, png.ToArray());
    }
}
