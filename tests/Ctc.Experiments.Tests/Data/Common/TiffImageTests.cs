using BitMiracle.LibTiff.Classic;
using Ctc.Experiments.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Common;

public class TiffImageTests
{
    // 10 × 2 pixels of one bit: 1111000011 and 0000000001, each row in two bytes.
    private static readonly byte[] Rows = [0b11110000, 0b11000000, 0b00000000, 0b01000000];
    private static readonly float[] Bits = [1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1]; // column by column

    // Written by hand: the header, a directory of 8 entries, the rows. Little-endian with 0 as white, big-endian with 0 as black.
    [Test]
    public void A_file_of_one_bit_is_read_pixel_by_pixel([Values] bool isLittle)
    {
        using var folder = new TemporaryFolder();
        List<byte> file = [.. isLittle ? "II"u8 : "MM"u8];
        Short(42);
        Long(8);
        (int Tag, int Value)[] entries = [(256, 10), (257, 2), (258, 1), (259, 1), (262, isLittle ? 0 : 1), (273, 110), (278, 2), (279, 4)];
        Short(entries.Length);
        foreach ((int tag, int value) in entries)
        {
            Short(tag);
            Short(3);
            Long(1);
            Short(value);
            Short(0);
        }

        Long(0);
        Assert.That(file, Has.Count.EqualTo(110));
        file.AddRange(Rows);
        File.WriteAllBytes(folder.In("x.tif"), [.. file]);
        float[] read = LineImage.Load(folder.In("x.tif"), 2).ReadFeatures();
        Assert.That(read, Is.EqualTo(isLittle ? Bits : [.. Bits.Select(bit => 1 - bit)]));

        void Short(int value) => file.AddRange(isLittle ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value]);

        void Long(int value)
        {
            if (isLittle) Short(value);
            Short(value >> 16);
            if (!isLittle) Short(value);
        }
    }

    [Test]
    public void Every_compression_of_one_bit_is_read(
        [Values(Compression.CCITTFAX4, Compression.CCITTFAX3, Compression.LZW, Compression.PACKBITS)] Compression compression)
    {
        using var folder = new TemporaryFolder();
        WrittenTiff.Save(folder.In("x.tif"), compression, [Rows]);
        Assert.That(LineImage.Load(folder.In("x.tif"), 2).ReadFeatures(), Is.EqualTo(Bits));
    }

    [Test]
    public void A_page_of_several_is_read_by_its_number()
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("x.tif");
        WrittenTiff.Save(file, Compression.CCITTFAX4, [new byte[4], Rows]);
        Assert.That(Greys(2), Is.EqualTo(Bits.Select(bit => 255 * (1 - bit))));
        Assert.That(Greys(1), Has.All.EqualTo(255));
        Refuses(() => Greys(null), $"{file} has 2 pages; expected one, or a key image-page in JSON Lines.");
        Refuses(() => Greys(3), $"{file} has 2 pages; expected a page 3.");

        float[] Greys(int? page) => ImageFile.Decode(file, page, 1000).Greys.ToArray();
    }

    [TestCase(1, 0, 0)]
    [TestCase(2, 9, 0)]
    [TestCase(3, 9, 1)]
    [TestCase(4, 0, 1)]
    [TestCase(5, 0, 0)]
    [TestCase(6, 1, 0)]
    [TestCase(7, 1, 9)]
    [TestCase(8, 0, 9)]
    public void The_orientation_is_applied(int orientation, int column, int row)
    {
        using var folder = new TemporaryFolder();
        WrittenTiff.Save(folder.In("x.tif"), Compression.CCITTFAX4, [[0b10000000, 0, 0, 0]], (Orientation)orientation);
        GreyImage image = ImageFile.Decode(folder.In("x.tif"), null, 1000);
        Assert.That((image.Width, image.Height), Is.EqualTo(orientation <= 4 ? (10, 2) : (2, 10)));
        Assert.That(image[column, row], Is.Zero, "the first stored pixel");
        Assert.That(image.Greys.ToArray().Sum(), Is.EqualTo(19 * 255));
    }

    [Test]
    public void A_file_that_is_cut_off_or_too_large_is_refused()
    {
        using var folder = new TemporaryFolder();
        WrittenTiff.Save(folder.In("x.tif"), Compression.LZW, [Rows]);
        byte[] whole = File.ReadAllBytes(folder.In("x.tif"));
        File.WriteAllBytes(folder.In("half.tif"), whole[..(whole.Length / 2)]);
        Assert.That(
            () => LineImage.Load(folder.In("half.tif"), 2),
            Throws.TypeOf<InvalidDataException>().With.Message.Match("^.*half.tif is a damaged image( \\(.*\\))?; expected a TIFF.$"));
        Refuses(() => ImageFile.Decode(folder.In("x.tif"), null, 19), $"{folder.In("x.tif")} is 10 × 2 pixels large; expected at most 19 pixels.");
    }

    [Test]
    public void Damaged_files_are_read_or_refused() => ReadDamaged(200);

    [Test]
    [Category("Long")]
    public void Many_damaged_files_are_read_or_refused() => ReadDamaged(5000);

    private static void ReadDamaged(int count)
    {
        using var folder = new TemporaryFolder();
        Compression[] kinds = [Compression.CCITTFAX4, Compression.LZW, Compression.PACKBITS, Compression.ADOBE_DEFLATE, Compression.NONE];
        byte[][] whole = [.. kinds.Select(kind =>
        {
            WrittenTiff.Save(folder.In("x.tif"), kind, [Rows]);
            return File.ReadAllBytes(folder.In("x.tif"));
        })];
        var random = new Random(16);
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(folder.In("x.tif"), DamagedText.Of(whole[i % whole.Length], [0, 1, 2, 3, 4, 8, 255], random));
            try
            {
                LineImage.Load(folder.In("x.tif"), 2);
                read++;
            }
            catch (InvalidDataException refusal)
            {
                Assert.That(refusal.Message, Does.StartWith(folder.In("x.tif")).And.Contain("expected").And.Not.Contain("\n"));
            }
        }

        Assert.That(read, Is.InRange(count / 20, count * 19 / 20), "some of each kind");
    }

    private static void Refuses(Func<object> read, string message) =>
        Assert.That(() => read(), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));
}
