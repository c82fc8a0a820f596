using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The commit that is checked out in a folder, read from the files of the checkout. No program is started.</summary>
/// <remarks>
/// A program called git in the working directory would be code of unknown origin. The form of the files: gitrepository-layout(5).
/// </remarks>
internal static class GitCheckout
{
    private const string Reference = "ref: ", Link = "gitdir: ";
    private const int MostBytes = 1 << 24, MostLinks = 5;

    /// <summary>Finds the commit.</summary>
    /// <param name="folder">A folder; those above it are searched too.</param>
    /// <returns>
    /// 40 or 64 hexadecimal digits; null outside a checkout, before the first commit, and where references have another form than files.
    /// </returns>
    public static string? FindCommit(string folder)
    {
        try
        {
            return Checkout(Path.GetFullPath(folder)) is { } checkout ? Resolve(checkout, "HEAD") : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    // The folder .git; in a worktree or a submodule .git is a file that names it.
    private static string? Checkout(string folder)
    {
        for (string? above = folder; above is not null; above = Path.GetDirectoryName(above))
        {
            string git = Path.Combine(above, ".git");
            if (Directory.Exists(git)) return git;
            if (Text(git) is { } text) return text.StartsWith(Link, StringComparison.Ordinal) ? Path.Combine(above, text[Link.Length..]) : null;
        }

        return null;
    }

    private static string? Resolve(string checkout, string name)
    {
        // A worktree has its own HEAD, and the references of the repository.
        string shared = Text(Path.Combine(checkout, "commondir")) is { } common ? Path.Combine(checkout, common) : checkout;
        for (int links = 0; links < MostLinks; links++)
        {
            string? text = Text(Path.Combine(checkout, name)) ?? Text(Path.Combine(shared, name)) ?? Packed(shared, name);
            if (text is null || IsCommit(text)) return text;
            if (!text.StartsWith(Reference, StringComparison.Ordinal)) return null;
            name = text[Reference.Length..];
            if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Split('/').Contains("..")) return null;
        }

        return null;
    }

    // A line of packed-refs: the commit, a space, the name.
    private static string? Packed(string shared, string name) => Text(Path.Combine(shared, "packed-refs"))?
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .FirstOrDefault(words => words is [var commit, var packed] && packed == name && IsCommit(commit))?[0];

    private static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    private static string? Text(string path)
    {
        if (!File.Exists(path) || RegularFile.IsHollow(path) || new FileInfo(path).Length > MostBytes) return null;
        return File.ReadAllText(path).Trim();
    }
}
