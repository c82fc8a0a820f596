using System.Diagnostics;
using System.Reflection;

namespace Packages.Tests;

/// <summary>
/// A compiler that stays loaded from one build of these tests to the next, and ends with them. To load it takes longer than to compile a plugin.
/// </summary>
internal static class CompilerServer
{
    private static readonly string Id = $"ctc-{Guid.NewGuid():N}";

    /// <summary>The environment of a build that uses it.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["UseSharedCompilation"] = "true", ["SharedCompilationId"] = Id };

    /// <summary>Ends it, if a build has started it.</summary>
    public static void End()
    {
        string dll = typeof(CompilerServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == nameof(CompilerServer)).Value!;
        using Process end = Process.Start(new ProcessStartInfo("dotnet", [dll, "-shutdown", $"-pipename:{Id}"]) { RedirectStandardOutput = true })!;
        end.StandardOutput.ReadToEnd();
        end.WaitForExit();
    }
}
