using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>
/// Resolves paths. One rule for the file of an experiment and for overrides: a relative path starts at the folder of the experiment's file. The
/// target must exist.
/// </summary>
internal static class ResolvedPath
{
    /// <param name="text">The path.</param>
    /// <param name="baseFolder">The folder that a relative path starts from.</param>
    /// <param name="key">The key, for messages.</param>
    /// <param name="at">The value, for messages.</param>
    /// <param name="inFolder">The path of the file that is meant by a folder; null if a folder is refused.</param>
    /// <param name="orFolder">Whether a folder is taken as it is.</param>
    public static string ToFile(string text, string baseFolder, string key, YamlValue at, string? inFolder = null, bool orFolder = false)
    {
        if (orFolder && ToFileOrFolder(text, baseFolder, key, at) is var found && Directory.Exists(found)) return found;
        string path = Absolute(text, baseFolder, key, at);
        if (inFolder is not null && Directory.Exists(path))
        {
            string file = Path.GetFullPath(inFolder, path);
            path = File.Exists(file) ? file : throw at.Refuse(key, $"a file, or a folder with {inFolder}, which {path} does not have");
        }

        if (!File.Exists(path)) throw at.Refuse(key, $"a file, but {(Directory.Exists(path) ? $"{path} is a folder" : Missing(path, text, at))}");
        return RegularFile.IsHollow(path) ? throw at.Refuse(key, $"a file, but {path} is empty, or a pipe or a device") : path;
    }

    public static string ToFileOrFolder(string text, string baseFolder, string key, YamlValue at)
    {
        string path = Absolute(text, baseFolder, key, at);
        return Path.Exists(path) ? path : throw at.Refuse(key, $"a file or a folder, but {Missing(path, text, at)}");
    }

    private static string Absolute(string text, string baseFolder, string key, YamlValue at)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)) throw at.Refuse(key, "a path");
        string path = Path.GetFullPath(text, baseFolder);
        if (Here(text, at) is { } here && here != path && Path.Exists(path) && Path.Exists(here))
        {
            throw at.Refuse(key, $"an absolute path, because both {path} and {here} exist and a relative path starts at the experiment's file");
        }

        return path;
    }

    // The path as a shell would complete it, for overrides.
    private static string? Here(string text, YamlValue at) => at.Location.IsOverride && !Path.IsPathRooted(text) ? Path.GetFullPath(text) : null;

    /// <summary>The missing path for a message: the folder if it is missing too, otherwise the file.</summary>
    private static string Missing(string path, string text, YamlValue at)
    {
        string missing = Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder) ? $"the folder {folder}" : path;
        string here = Here(text, at) is { } other && Path.Exists(other) ? $"; relative paths start at the experiment's file, and {other} exists" : "";
        return $"{missing} does not exist{here}";
    }
}
