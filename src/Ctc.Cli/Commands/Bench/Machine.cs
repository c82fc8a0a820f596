using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The machine on which figures are measured.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Instructions">The widest vectors that .NET uses in this process: environment variables such as DOTNET_EnableAVX512 count.</param>
/// <param name="Cores">The number of cores that this process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Dotnet">The version of .NET.</param>
/// <param name="Libtorch">The version of libtorch.</param>
internal sealed record Machine(string Processor, string Instructions, int Cores, string System, string Dotnet, string Libtorch)
{
    /// <summary>Gets the machine of this process.</summary>
    public static Machine This { get; } = new(
        ProcessorName(),
        InstructionSet(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        Environment.Version.ToString(),
        torch.__version__);

    private static string InstructionSet() => Avx512F.IsSupported ? "AVX-512"
        : Avx2.IsSupported ? "AVX2"
        : AdvSimd.IsSupported ? "AdvSimd"
        : Vector128.IsHardwareAccelerated ? "vectors of 128 bits"
        : "no vectors";

    private static string ProcessorName()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
