using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Ctc.Cli.Native;

/// <summary>The native library of TorchSharp, and with it libtorch, loaded by the loader of the operating system.</summary>
/// <remarks>
/// TorchSharp's own attempt hides the cause, and on failure it copies half a gigabyte into the command's folder. So this load comes first.
/// </remarks>
internal static class Libtorch
{
    private static string Name => OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
        : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib"
        : "libLibTorchSharp.so";

    /// <summary>Loads TorchSharp's wrapper, and with it libtorch.</summary>
    /// <returns>The file; or, with a fix, the cause of the failure.</returns>
    public static (string Found, string? Fix) Load()
    {
        const string anew = "Install the command again, or build it with -p:TorchBackend=cpu, cuda-linux or cuda-windows.";
        if (Find() is not { } file) return ($"{Name} is not beside the command", anew);
        try
        {
            LoadMemory.Prepare();
            Nnpack.DisableIfUnsupported(NativeLibrary.Load(file));
            return (file, null);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            string[] causes = ["not found", "cannot open"];
            string cause = Array.Find(failure.Message.Split('\n'), line => causes.Any(line.Contains)) ?? failure.Message;
            return (cause.Trim(), cause.Contains("GLIBC", StringComparison.Ordinal)
                ? "This system's C++ library is older than the one libtorch was built with; dotnet build on this machine adapts the command to it."
                : "Build with -p:TorchBackend=cpu, or put libtorch 2.10 on the library path; if another library is named, install it.");
        }
    }

    /// <summary>Loads libtorch before the first use of a tensor.</summary>
    /// <exception cref="LibtorchException">It cannot be loaded.</exception>
    public static void Require()
    {
        if (Load() is (var cause, { } fix)) throw new LibtorchException($"libtorch cannot be loaded: {cause}. {fix}");
    }

    /// <summary>Lets TorchSharp load libtorch at the first use of a tensor. For commands that most often use none.</summary>
    /// <remarks>TorchSharp's attempt fails with the cause, before it copies anything.</remarks>
    public static void RequireWhenUsed()
    {
        LoadMemory.Prepare();
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (assembly, _) =>
        {
            if (assembly == typeof(torch).Assembly) Require();
            return 0;
        };
    }

    // Beside the command, or in a folder of the name of the system.
    private static string? Find()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, Name);
        return File.Exists(beside)
            ? beside
            : Directory.EnumerateFiles(AppContext.BaseDirectory, Name, SearchOption.AllDirectories).FirstOrDefault();
    }
}

/// <summary>libtorch cannot be loaded.</summary>
/// <param name="message">The cause and the fix.</param>
internal sealed class LibtorchException(string message) : CtcException(message);
