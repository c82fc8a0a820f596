using System.Buffers.Binary;
using Ctc.Experiments.Data.Common;
using Ctc.Tests;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Data.Common;

/// <summary>Images whose stored pixels are turned, by EXIF or by the direction in which the line is read.</summary>
public class OrientationTests
{
    private const int Width = 32, Height = 16;

    // Stored: black at the start of the first row, grey at its end. EXIF names the sides at which the first row and the first column are shown.
    [TestCase(1, "top left", "top right")]
    [TestCase(2, "top right", "top left")]
    [TestCase(3, "bottom right", "bottom left")]
    [TestCase(4, "bottom left", "bottom right")]
    [TestCase(5, "top left", "bottom left")]
    [TestCase(6, "top right", "bottom right")]
    [TestCase(7, "bottom right", "top right")]
    [TestCase(8, "bottom left", "top left")]
    public void The_orientation_of_EXIF_is_applied(int orientation, string black, string grey)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.In("turned.jpg"), WithOrientation(Stored(SKEncodedImageFormat.Jpeg), orientation));
        AssertIsUpright(folder.In("turned.jpg"), orientation, black, grey);
    }

    // Stored: black at the start of the first row, grey at its end. EXIF names the sides at which the first row and the first column are shown.
    [TestCase(1, "top left", "top right")]
    [TestCase(2, "top right", "top left")]
    [TestCase(3, "bottom right", "bottom left")]
    [TestCase(4, "bottom left", "bottom right")]
    [TestCase(5, "top left", "bottom left")]
    [TestCase(6, "top right", "bottom right")]
    [TestCase(7, "bottom right", "top right")]
    [TestCase(8, "bottom left", "top left")]
    public void The_orientation_in_a_PNG_is_applied(int orientation, string black, string grey)
    {
        using var folder = new TemporaryFolder();
        foreach (bool isLittle in new[] { false, true })
        {
            byte[] png = Stored(SKEncodedImageFormat.Png);
            byte[] exif = Tiff(orientation, isLittle);
            byte[] chunk = [0, 0, 0, (byte)exif.Length, .. "eXIf"u8, .. exif];
            byte[] checksum = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(chunk.AsSpan(4)));
            File.WriteAllBytes(folder.In("turned.png"), [.. png[..33], .. chunk, .. checksum, .. png[33..]]); // after IHDR
            AssertIsUpright(folder.In("turned.png"), orientation, black, grey);
        }
    }

    [TestCase(new byte[] { })]
    [TestCase(new byte[] { 77, 77, 0, 42, 255, 255, 255, 255 })]
    [TestCase(new byte[] { 73, 73, 42, 0, 8, 0, 0, 0, 255, 255, 18, 1 })]
    [TestCase(new byte[] { 73, 73, 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0 })]
    public void A_damaged_orientation_in_a_PNG_is_none(byte[] exif)
    {
        byte[] png = [.. new byte[8], 0, 0, 0, (byte)exif.Length, .. "eXIf"u8, .. exif];
        Assert.That(PngOrientation.Read(new MemoryStream(png)), Is.EqualTo(SKEncodedOrigin.TopLeft));
        Assert.That(PngOrientation.Read(new MemoryStream(png[..^Math.Min(1, exif.Length)])), Is.EqualTo(SKEncodedOrigin.TopLeft));
    }

    private static void AssertIsUpright(string file, int orientation, string black, string grey)
    {
        (int width, int height) = orientation < 5 ? (Width, Height) : (Height, Width);

        Utterance read = LineImage.Load(file, height);

        Assert.That(read.Frames, Is.EqualTo(width));
        string[] corners = ["top left", "top right", "bottom left", "bottom right"];
        float[] expected = [.. corners.Select(corner => corner == black ? 1f : corner == grey ? 0.5f : 0f)];
        Assert.That(corners.Select(corner => At(read, height, corner)), Is.EqualTo(expected).Within(0.03));
    }

    [TestCase(ReadingDirection.LeftToRight, 4, 3, new float[] { 0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32 })]
    [TestCase(ReadingDirection.RightToLeft, 4, 3, new float[] { 30, 31, 32, 20, 21, 22, 10, 11, 12, 0, 1, 2 })]
    [TestCase(ReadingDirection.TopToBottom, 3, 4, new float[] { 30, 20, 10, 0, 31, 21, 11, 1, 32, 22, 12, 2 })]
    [TestCase(ReadingDirection.BottomToTop, 3, 4, new float[] { 2, 12, 22, 32, 1, 11, 21, 31, 0, 10, 20, 30 })]
    public void Frames_follow_the_reading_direction(ReadingDirection direction, int frames, int rows, float[] greys)
    {
        using var folder = new TemporaryFolder();
        var plain = new Utterance("x", [.. from x in Enumerable.Range(0, 4) from y in Enumerable.Range(0, 3) select (10 * x + y) / 255f], 4, []);
        LineImage.Write(folder.In("x.png"), plain);

        Utterance read = LineImage.Load(folder.In("x.png"), rows, direction);

        Assert.That(read.Frames, Is.EqualTo(frames));
        Assert.That(read.ReadFeatures().Select(feature => (float)Math.Round(255 * feature)), Is.EqualTo(greys));
        LineImage.Write(folder.In("again.png"), read, direction);
        Assert.That(LineImage.Load(folder.In("again.png"), 3).ReadFeatures(), Is.EqualTo(plain.ReadFeatures()), "written as it was stored");
    }

    [Test]
    public void The_bound_on_frames_holds_along_the_reading_direction()
    {
        using var folder = new TemporaryFolder();
        LineImage.Write(folder.In("tall.png"), new Utterance("x", new float[9000 * 10], 10, []));
        Assert.That(LineImage.Load(folder.In("tall.png"), 10).Frames, Is.EqualTo(1));
        Assert.That(
            () => LineImage.Load(folder.In("tall.png"), 10, ReadingDirection.TopToBottom),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("tall.png")} is 9000 × 10 pixels large when turned; expected at most 8192 columns at a height of 10."));
    }

    [TestCase(new byte[] { 0x49, 0x49, 42, 0, 8, 0, 0, 0 })]
    [TestCase(new byte[] { 0x4D, 0x4D, 0, 42, 0, 0, 0, 8 })]
    public void A_TIFF_of_a_header_alone_is_refused(byte[] start)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.In("x.tif"), start);
        Assert.That(
            () => LineImage.Load(folder.In("x.tif"), 10),
            Throws.TypeOf<InvalidDataException>().With.Message.Match(@"x.tif is a damaged image( \(.*\))?; expected a TIFF.$"));
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_pipe_or_a_device_is_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        using var folder = new TemporaryFolder();
        using (var made = System.Diagnostics.Process.Start("/usr/bin/mkfifo", folder.In("pipe.png"))) made.WaitForExit();
        foreach (string file in new[] { folder.In("pipe.png"), "/dev/zero" })
        {
            Assert.That(
                () => LineImage.Load(file, 10),
                Throws.TypeOf<InvalidDataException>().With.Message
                    .EqualTo($"{file} is empty, or a pipe or a device; expected an image of one line."));
        }
    }

    private static float At(Utterance line, int height, string corner)
    {
        int row = corner.StartsWith("top", StringComparison.Ordinal) ? 2 : height - 3;
        int column = corner.EndsWith("left", StringComparison.Ordinal) ? 2 : line.Frames - 3;
        return line.ReadFeatures()[column * height + row];
    }

    private static byte[] Stored(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Pixels = [.. Enumerable.Range(0, Width * Height).Select(i => (i % Width, i / Width) switch
        {
            ( < 8, < 8) => SKColors.Black,
            ( >= Width - 8, < 8) => new SKColor(128, 128, 128),
            _ => SKColors.White,
        })];
        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    // A segment APP1 after the start of the image: a TIFF header and one entry, the tag 0x112.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Tiff(orientation, isLittle: false)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint remainder = uint.MaxValue;
        foreach (byte value in data)
        {
            remainder ^= value;
            for (int bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320);
        }

        return ~remainder;
    }

    private static byte[] Tiff(int orientation, bool isLittle) => isLittle
        ? [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
}
