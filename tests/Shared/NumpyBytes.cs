using System.Text;

namespace Ctc.Tests;

/// <summary>Files as NumPy writes them.</summary>
internal static class NumpyBytes
{
    /// <summary>An array of float64 in an <c>.npy</c> file.</summary>
    public static byte[] OfDoubles(long[] shape, params double[] numbers) => Of("<f8", shape, [.. numbers.SelectMany(BitConverter.GetBytes)]);

    /// <summary>An array of float32 in an <c>.npy</c> file.</summary>
    public static byte[] OfSingles(long[] shape, params float[] numbers) => Of("<f4", shape, [.. numbers.SelectMany(BitConverter.GetBytes)]);

    /// <summary>An <c>.npy</c> file of version 1, whose header is padded as numpy.save does.</summary>
    public static byte[] Of(string type, long[] shape, byte[] numbers, string order = "False")
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}";
        header = header.PadRight(((header.Length + 10 + 64) / 64 * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length & 255), (byte)(header.Length >> 8), .. Encoding.Latin1.GetBytes(header), .. numbers];
    }
}
