using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ctc.Experiments.Data.Cache;

/// <summary>The digest of everything that determines the features of an input: its content, and how they are computed from it.</summary>
/// <param name="High">The first half of 128 bits.</param>
/// <param name="Low">The second half.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FeatureKey(ulong High, ulong Low)
{
    /// <summary>Computes the key.</summary>
    /// <param name="method">The computation: the version of its code and of its libraries, the processor, all options.</param>
    /// <param name="content">The digest of the input's content.</param>
    public static FeatureKey From(string method, string content)
    {
        ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<byte, ulong>(SHA256.HashData(Encoding.UTF8.GetBytes($"{method}\n{content}")));
        return new FeatureKey(halves[0], halves[1]);
    }
}
