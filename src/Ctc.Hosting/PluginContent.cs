using System.Security.Cryptography;

namespace Ctc.Hosting;

/// <summary>
/// The files from which one plugin can load code. The bytes that are loaded are those that are recorded: a file that changes in between is
/// refused.
/// </summary>
internal sealed class PluginContent
{
    // A plugin has a folder of its own. In a large tree, such as a home folder, the search would take minutes.
    private const int MostFiles = 10_000;

    private static readonly byte[][] Signatures =
    [
        [.. "MZ"u8],
        [0x7F, .. "ELF"u8],
        [0xFE, 0xED, 0xFA, 0xCE], [0xFE, 0xED, 0xFA, 0xCF], [0xCE, 0xFA, 0xED, 0xFE], [0xCF, 0xFA, 0xED, 0xFE], [0xCA, 0xFE, 0xBA, 0xBE], // Mach-O
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<string, string> loaded = []; // digests by path
    private readonly string dll;
    private readonly string folder;
    private IReadOnlyList<LoadableFile>? recorded;

    /// <summary>Creates an empty record. Nothing is read yet.</summary>
    /// <param name="dll">The plugin's DLL, an absolute path. Private files are beside the file that a symbolic link leads to.</param>
    public PluginContent(string dll)
    {
        this.dll = File.ResolveLinkTarget(dll, returnFinalTarget: true)?.FullName ?? dll;
        folder = Path.GetDirectoryName(this.dll)!;
    }

    /// <summary>The files in the folder of the DLL and below it that can be loaded, without the DLL itself and without those of the host.</summary>
    /// <returns>Sorted by name; the plugin's <c>.deps.json</c> is among them if there is any other.</returns>
    /// <exception cref="PluginException">The folder holds too many files.</exception>
    public IReadOnlyList<LoadableFile> Record()
    {
        lock (gate)
        {
            return recorded ??= Find();
        }
    }

    /// <summary>All files in the folder of the DLL and below it.</summary>
    /// <exception cref="PluginException">The folder holds too many files.</exception>
    public IReadOnlyList<string> Everything()
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        string[] all = [.. Directory.EnumerateFiles(folder, "*", everything).Take(MostFiles + 1)];
        return all.Length <= MostFiles ? all : throw new PluginException(
            $"the folder of {dll} holds more than {MostFiles} files; expected a folder that holds the plugin alone");
    }

    /// <summary>Whether a file is in the folder of the DLL or below it. Libraries of the system are not.</summary>
    /// <param name="file">Its absolute path.</param>
    public bool Holds(string file) => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Notes a file that is about to be loaded.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="bytes">Its whole content.</param>
    /// <exception cref="PluginException">It is not what was recorded.</exception>
    public void Load(string file, byte[] bytes)
    {
        string digest = Digest(bytes);
        lock (gate)
        {
            // By content: a file may be reached by another path, such as that of a symbolic link.
            if (recorded is not null && recorded.All(known => known.Sha256 != digest))
            {
                throw new PluginException($"{file} changed since the plugin's files were recorded; expected no change. Start the command again");
            }

            loaded[Path.GetFullPath(file)] = digest;
        }
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // Files are recognised by their content, because a native library may have any name.
    private static bool IsLoadable(string file)
    {
        try
        {
            if (RegularFile.IsHollow(file)) return false;
            using FileStream stream = File.OpenRead(file);
            byte[] start = new byte[4];
            int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return Signatures.Any(signature => start.AsSpan(0, length).StartsWith(signature));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // what cannot be read cannot be loaded
        }
    }

    private LoadableFile[] Find()
    {
        IReadOnlyList<string> all = Everything();
        HashSet<string> skipped = [dll, .. PluginLoadContext.FromHost.Select(name => Path.Combine(folder, name + ".dll"))];
        LoadableFile[] beside = [.. all.Where(file => !skipped.Contains(file) && IsLoadable(file)).Select(Describe)];
        IEnumerable<LoadableFile> elsewhere = loaded
            .Where(file => beside.All(known => known.Sha256 != file.Value))
            .Select(file => new LoadableFile(Path.GetFileName(file.Key), file.Value));
        LoadableFile[] code = [.. beside, .. elsewhere];
        string dependencies = Path.ChangeExtension(dll, ".deps.json");
        IEnumerable<LoadableFile> found = code.Length > 0 && File.Exists(dependencies) ? code.Append(Describe(dependencies)) : code;
        return [.. found.OrderBy(file => file.Name, StringComparer.Ordinal).ThenBy(file => file.Sha256, StringComparer.Ordinal)];
    }

    private LoadableFile Describe(string file) => new(
        Path.GetRelativePath(folder, file).Replace('\\', '/'), loaded.GetValueOrDefault(file) ?? Digest(RegularFile.ReadAllBytes(file)));
}
