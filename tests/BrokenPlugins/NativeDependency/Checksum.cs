using System.Runtime.InteropServices;
using System.Text;
using Ctc;

namespace NativeDependency;

/// <summary>Works if the native library that it imports is beside it.</summary>
[Part("checksum", Summary = "Scales the base loss by the CRC-32 of the digits 1 to 9.")]
internal sealed partial class Checksum : IAuxiliaryTerm
{
    private static readonly byte[] Digits = Encoding.ASCII.GetBytes("123456789");

    public double BaseShare(Progress progress) => Crc32(0, Digits, Digits.Length);

    public Tensor Evaluate(Evaluation evaluation) => torch.zeros_like(evaluation.Loss);

    [LibraryImport("nativechecksum", EntryPoint = "CompressionNative_Crc32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint Crc32(uint crc, byte[] bytes, int length);
}
