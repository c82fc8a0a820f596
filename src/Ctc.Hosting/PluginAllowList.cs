using System.Security.Cryptography;
using System.Text;

namespace Ctc.Hosting;

/// <summary>The only files that plugins may consist of, by their SHA-256. Without a list, every plugin may be loaded.</summary>
/// <remarks>
/// A line holds 64 hexadecimal digits and a name, as <c>sha256sum</c> writes them; only the digits count. Empty lines and lines that start
/// with # are skipped.
/// </remarks>
public sealed class PluginAllowList
{
    /// <summary>The name of the list beside the executable, which applies to all users of an installation.</summary>
    public const string FileName = "plugins.sha256";

    private readonly HashSet<string> digests;
    private readonly string file;

    /// <summary>Loads a list.</summary>
    /// <param name="file">A path.</param>
    /// <exception cref="PluginException">There is no such file, or a line has another form.</exception>
    public PluginAllowList(string file)
    {
        this.file = file;
        if (Directory.Exists(file)) throw new PluginException($"{file}: found a folder; expected a list of the plugins that are allowed");
        string[] lines = Encoding.UTF8.GetString(Bytes(file)).TrimStart('\uFEFF').Split('\n');
        digests = [.. lines.Index().Where(line => !IsComment(line.Item)).Select(line => Digest(line.Item, line.Index + 1))];
    }

    /// <summary>Loads the lists that apply to an installation. A file must be in each of them.</summary>
    /// <param name="further">The path of a further list; null or empty for none. The command reads it from an environment variable.</param>
    /// <returns>The list beside the executable, if there is one, and the further one.</returns>
    /// <exception cref="PluginException">A list cannot be used: without it, no plugin may be loaded.</exception>
    public static IReadOnlyList<PluginAllowList> Load(string? further = null)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        var files = new List<string>();
        if (IsPresent(beside)) files.Add(beside);
        if (!string.IsNullOrEmpty(further)) files.Add(further);
        return [.. files.Select(file => new PluginAllowList(file))];
    }

    /// <summary>Admits a file that is in the list.</summary>
    /// <param name="path">The path of the file, for the message.</param>
    /// <param name="bytes">The content of the whole file.</param>
    /// <exception cref="PluginException">It is not in the list.</exception>
    public void Admit(string path, byte[] bytes)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!digests.Contains(digest)) throw new PluginException($"{Path.GetFileName(path)} with SHA-256 {digest} is not allowed by {file}");
    }

    // Anything of that name is a list: a folder, a link to nothing and a file that may not be seen make the list unusable, not absent.
    private static bool IsPresent(string beside)
    {
        try
        {
            File.GetAttributes(beside);
            return true;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            return RegularFile.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string found = failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : RootCause.Describe(failure);
            throw new PluginException($"{file}: {found}; expected a list of the plugins that are allowed", failure);
        }
    }

    private static bool IsComment(string line) => line.AsSpan().Trim() is "" or ['#', ..];

    private string Digest(string line, int number)
    {
        string first = line.Split(' ', '\t', '\r')[0];
        return first.Length == 64 && first.All(char.IsAsciiHexDigit)
            ? first.ToLowerInvariant()
            : throw new PluginException(
                $"{file}:{number}: found '{line.Trim()}'; expected 64 hexadecimal digits and a name, as sha256sum writes them");
    }
}
