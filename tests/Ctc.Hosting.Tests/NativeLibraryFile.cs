using System.Runtime.InteropServices;

namespace Ctc.Hosting.Tests;

/// <summary>A native library of the runtime, under the name that NativeDependency imports.</summary>
internal static class NativeLibraryFile
{
    public static string LayBeside(string plugin)
    {
        string runtime = Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*System.IO.Compression.Native.*")
            .First(file => Path.GetExtension(file) is ".so" or ".dylib" or ".dll");
        string prefix = OperatingSystem.IsWindows() ? "" : "lib";
        string beside = Path.Combine(Path.GetDirectoryName(plugin)!, $"{prefix}nativechecksum{Path.GetExtension(runtime)}");
        File.Copy(runtime, beside);
        return beside;
    }
}
