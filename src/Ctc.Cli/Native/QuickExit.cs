using System.Runtime.InteropServices;

namespace Ctc.Cli.Native;

/// <summary>The end of this process, without the destructors of native libraries.</summary>
/// <remarks>
/// The static destructors of libtorch take a tenth of a second to free memory that the operating system takes back in any case. Functions registered
/// for the end run in reverse order, after the end of the .NET runtime: the one that is registered last ends the process before any destructor.
/// </remarks>
internal static class QuickExit
{
    /// <summary>Ends this process.</summary>
    /// <param name="exitCode">The exit code.</param>
    public static void End(int exitCode)
    {
        SkipDestructors();
        Environment.Exit(exitCode);
    }

    // Without effect where the C library has no on_exit.
    private static unsafe void SkipDestructors()
    {
        if (!OperatingSystem.IsLinux()) return;
        nint library = NativeLibrary.GetMainProgramHandle();
        if (!NativeLibrary.TryGetExport(library, "on_exit", out nint onExit) || !NativeLibrary.TryGetExport(library, "_exit", out nint exit)) return;

        // int on_exit(void (*function)(int status, void *argument), void *argument); void _exit(int status)
        _ = ((delegate* unmanaged[Cdecl]<nint, nint, int>)onExit)(exit, 0);
    }
}
