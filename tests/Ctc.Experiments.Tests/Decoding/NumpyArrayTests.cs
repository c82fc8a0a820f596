using System.IO.Compression;
using Ctc.Experiments.Decoding;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Decoding;

public class NumpyArrayTests
{
    private static readonly double[] Six = [0, 1, 2, 3.5, -4, double.NegativeInfinity];

    [Test]
    public void Numbers_of_every_type_are_read()
    {
        byte[] halves = [.. Six.SelectMany(number => BitConverter.GetBytes((Half)number))];
        byte[][] files =
        [
            NumpyBytes.OfDoubles([2, 3], Six),
            NumpyBytes.OfSingles([2, 3], [.. Six.Select(number => (float)number)]),
            NumpyBytes.Of("<f2", [2, 3], halves),
        ];
        foreach (byte[] file in files)
        {
            NumpyArray array = NumpyArray.Parse(file, "x");
            Assert.That((array.Name, array.Shape), Is.EqualTo(("x", new long[] { 2, 3 })));
            Assert.That(array.Numbers, Is.EqualTo(Six));
        }
    }

    [Test]
    public void The_order_of_Fortran_is_the_transpose()
    {
        byte[] columns = [.. new double[] { 0, 3, 1, 4, 2, 5 }.SelectMany(BitConverter.GetBytes)];
        Assert.That(NumpyArray.Parse(NumpyBytes.Of("<f8", [2, 3], columns, "True"), "x").Numbers, Is.EqualTo(new double[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void A_bare_number_a_line_and_nothing_are_arrays_too()
    {
        Assert.That(NumpyArray.Parse(NumpyBytes.OfDoubles([], 7), "x").Numbers, Is.EqualTo(new double[] { 7 }));
        Assert.That(NumpyArray.Parse(NumpyBytes.OfDoubles([2], 7, 8), "x").Shape, Is.EqualTo(new long[] { 2 }));
        Assert.That(NumpyArray.Parse(NumpyBytes.OfDoubles([0, 5]), "x").Numbers, Is.Empty);
    }

    [Test]
    public void An_archive_holds_several_by_name()
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("x.npz");
        using (ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Create))
        {
            foreach ((string name, CompressionLevel level) in new[] { ("b", CompressionLevel.NoCompression), ("a", CompressionLevel.Fastest) })
            {
                using Stream entry = archive.CreateEntry($"{name}.npy", level).Open();
                entry.Write(NumpyBytes.OfDoubles([1, 2], 1, name[0]));
            }
        }

        IReadOnlyList<NumpyArray> arrays = NumpyArray.Load(file);
        Assert.That(arrays.Select(array => array.Name), Is.EqualTo(new[] { $"{file}:b", $"{file}:a" }));
        Assert.That(arrays.Select(array => array.Numbers[1]), Is.EqualTo(new double[] { 'b', 'a' }));

        File.WriteAllBytes(file, File.ReadAllBytes(file)[..60]);
        Assert.That(() => NumpyArray.Load(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is a damaged archive ("));
    }

    [TestCase("<i8", new long[] { 1 }, 8, "x holds numbers of the type '<i8'; expected '<f2', '<f4' or '<f8', floating-point numbers.")]
    [TestCase(">f8", new long[] { 1 }, 8, "x holds numbers of the type '>f8'; expected '<f2', '<f4' or '<f8', floating-point numbers.")]
    [TestCase("<f8", new long[] { 2 }, 8, "x has 8 bytes of numbers; expected those of the shape (2) and the type '<f8'.")]
    [TestCase("<f8", new long[] { 1 }, 9, "x has 9 bytes of numbers; expected those of the shape (1) and the type '<f8'.")]
    [TestCase("<f8", new[] { 1L << 62, 2 }, 8, "x has 8 bytes of numbers; expected those of the shape (4611686018427387904, 2) and the type '<f8'.")]
    public void Another_content_is_refused(string type, long[] shape, int bytes, string message) => Assert.That(
        () => NumpyArray.Parse(NumpyBytes.Of(type, shape, new byte[bytes]), "x"),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));

    [Test]
    public void Random_damage_reads_or_is_a_sentence()
    {
        var random = new Random(3);
        byte[] whole = NumpyBytes.OfDoubles([2, 3], Six);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = DamagedText.Of(whole, "{}()':, 0123<f8TrueFalse"u8, random);
            try
            {
                _ = NumpyArray.Parse(damaged, "x");
            }
            catch (InvalidDataException fault)
            {
                Assert.That(fault.Message, Does.StartWith("x ").And.Contain("; expected ").And.EndWith("."));
            }
        }
    }
}
