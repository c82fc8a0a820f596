using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Binding;

/// <summary>Resolves paths relative to the file of an experiment. The target of a path must exist.</summary>
internal static class ResolvedPath
{
    public static string ToFile(string text, string baseFolder, string key, YamlValue at)
    {
        string path = Absolute(text, baseFolder, key, at);
        if (File.Exists(path)) return path;

        throw at.Refuse(key, Directory.Exists(path) ? $"a file, but {path} is a folder" : $"a file, but {Missing(path)} does not exist");
    }

    public static string ToFileOrFolder(string text, string baseFolder, string key, YamlValue at)
    {
        string path = Absolute(text, baseFolder, key, at);
        return Path.Exists(path) ? path : throw at.Refuse(key, $"a file or a folder, but {Missing(path)} does not exist");
    }

    private static string Absolute(string text, string baseFolder, string key, YamlValue at) =>
        text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) ? throw at.Refuse(key, "a path") : Path.GetFullPath(text, baseFolder);

    /// <summary>The missing path for a message: the folder if it is missing too, otherwise the file.</summary>
    private static string Missing(string path) =>
        Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder) ? $"the folder {folder}" : path;
}
