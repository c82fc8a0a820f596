using System.Reflection;

namespace Architecture.Tests;

/// <summary>The sources of this checkout.</summary>
internal static class Repository
{
    private static readonly string[] Folders = ["src", "plugins", "samples", "templates", "tests", "bench"];

    private static readonly string Root = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == nameof(Repository)).Value!);

    /// <summary>All files of C#, as paths from the root with slashes.</summary>
    public static IReadOnlyList<string> Sources { get; } =
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));
}
