using System.Runtime.InteropServices;

namespace Ctc.Cli.Native;

/// <summary>How long the threads of libtorch spin before they sleep.</summary>
/// <remarks>
/// By default GNU OpenMP lets them spin for several milliseconds after each operation, and on two cores they occupy one of them while the recursion
/// runs on threads of its own. A fifth of a millisecond spans the gaps between the operations of a training as well. libtorch reads the setting when
/// it is loaded.
/// </remarks>
internal static partial class IdleThreads
{
    private const string Spins = "GOMP_SPINCOUNT", Policy = "OMP_WAIT_POLICY";

    /// <summary>Shortens it, unless a variable of the environment sets it. Without effect where OpenMP is not that of GNU.</summary>
    public static void Rest()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Policy) is not null) return;
        try
        {
            _ = Set(Spins, "10000", overwrite: 0); // .NET's own copy of the environment is not what libraries read
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}
