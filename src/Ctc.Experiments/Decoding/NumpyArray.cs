using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Decoding;

/// <summary>An array of floating-point numbers in a file of NumPy: <c>.npy</c>, or one of those in an <c>.npz</c>.</summary>
/// <remarks>Source: the module numpy.lib.format, versions 1 to 3 of the format.</remarks>
public sealed partial class NumpyArray
{
    private const int MostDimensions = 8;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private NumpyArray(string name, long[] shape, double[] values) => (Name, Shape, Values) = (name, shape, values);

    /// <summary>Gets the name: the path of the file, in an <c>.npz</c> followed by a colon and the name of the array.</summary>
    public string Name { get; }

    /// <summary>Gets the length of each dimension.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Gets the numbers, the last dimension fastest.</summary>
    public IReadOnlyList<double> Numbers => Values;

    /// <summary>Gets the numbers, the last dimension fastest.</summary>
    internal double[] Values { get; }

    /// <summary>Loads the arrays of a file.</summary>
    /// <param name="file">An <c>.npz</c> if it starts as a zip archive does, otherwise an <c>.npy</c>.</param>
    /// <returns>One array, or those of the archive in its order.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read, or an array is damaged or of another type than float16, 32 or 64.</exception>
    public static IReadOnlyList<NumpyArray> Load(string file)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            return bytes.AsSpan().StartsWith("PK"u8) ? [.. LoadArchive(bytes, file)] : [Parse(bytes, file)];
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            throw Unreadable.File(file, fault);
        }
    }

    private static List<NumpyArray> LoadArchive(byte[] bytes, string file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            var arrays = new List<NumpyArray>();
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using Stream content = entry.Open();
                using var copy = new MemoryStream();
                content.CopyTo(copy);
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                arrays.Add(Parse(copy.ToArray(), $"{file}:{name}"));
            }

            return arrays;
        }
        catch (InvalidDataException fault) when (!fault.Message.StartsWith(file, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{file} is a damaged archive ({fault.Message}); expected an .npz file.", fault);
        }
    }

    /// <summary>Parses one array.</summary>
    /// <param name="bytes">The content of an <c>.npy</c> file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of another type than float16, 32 or 64.</exception>
    internal static NumpyArray Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes.StartsWith(Magic) || bytes.Length < 10) throw new InvalidDataException($"{name} is no array of NumPy; expected an .npy file.");
        int start = bytes[6] == 1 ? 10 : 12;
        long length = bytes.Length < start ? long.MaxValue
            : bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (bytes.Length - start < length) throw new InvalidDataException($"{name} ends in its header; expected a whole .npy file.");
        string header = Encoding.Latin1.GetString(bytes.Slice(start, (int)length));
        (string type, bool isReversed, long[] shape) = (Field(Type(), header, name), Field(Order(), header, name) == "True", ShapeOf(header, name));
        int size = type switch
        {
            "<f2" => 2,
            "<f4" => 4,
            "<f8" => 8,
            _ => throw new InvalidDataException(
                $"{name} holds numbers of the type '{type}'; expected '<f2', '<f4' or '<f8', floating-point numbers."),
        };
        ReadOnlySpan<byte> numbers = bytes[(start + (int)length)..];
        long count = numbers.Length / size;
        if (numbers.Length % size != 0 || !HasCount(shape, count))
        {
            throw new InvalidDataException(
                $"{name} has {numbers.Length} bytes of numbers; expected those of the shape ({string.Join(", ", shape)}) and the type '{type}'.");
        }

        var values = new double[count];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = numbers[(i * size)..];
            values[i] = size switch
            {
                2 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
                4 => BinaryPrimitives.ReadSingleLittleEndian(at),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
            };
        }

        return new NumpyArray(name, shape, isReversed ? LastFastest(values, shape) : values);
    }

    private static bool HasCount(long[] shape, long count)
    {
        long product = 1;
        foreach (long length in shape)
        {
            if (length == 0) return count == 0;
            if (product > count / length) return false;
            product *= length;
        }

        return product == count;
    }

    private static long[] ShapeOf(string header, string name)
    {
        string[] lengths = Field(Lengths(), header, name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new long[lengths.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape.Length > MostDimensions || !long.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                throw new InvalidDataException($"{name} has the shape ({string.Join(", ", lengths)}); expected the lengths of a few dimensions.");
            }
        }

        return shape;
    }

    private static string Field(Regex form, string header, string name) => form.Match(header) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidDataException($"{name} has a header without type, order or shape; expected an .npy file.");

    // From the order of Fortran, the first dimension fastest.
    private static double[] LastFastest(double[] values, long[] shape)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            long rest = i, from = 0, stride = values.Length;
            for (int dimension = shape.Length - 1; dimension >= 0; dimension--)
            {
                stride /= shape[dimension];
                from += rest % shape[dimension] * stride;
                rest /= shape[dimension];
            }

            result[i] = values[from];
        }

        return result;
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'")]
    private static partial Regex Type();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)")]
    private static partial Regex Lengths();
}
