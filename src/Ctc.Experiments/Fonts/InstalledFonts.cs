namespace Ctc.Experiments.Fonts;

/// <summary>The fonts in the font folders of the system and of the user.</summary>
internal static class InstalledFonts
{
    private static readonly string[] Endings = [".ttf", ".ttc", ".otf", ".otc"];

    /// <summary>Gets the folders that exist, without their subfolders.</summary>
    /// <remarks>On Linux they follow from <c>XDG_DATA_DIRS</c> and <c>XDG_DATA_HOME</c> (XDG Base Directory Specification).</remarks>
    public static IEnumerable<string> Folders =>
        (OperatingSystem.IsLinux() ? OfTheSystem(Environment.GetEnvironmentVariable("XDG_DATA_DIRS")) : [])
        .Concat(
        [
            "/System/Library/Fonts", "/Library/Fonts", // macOS
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "fonts"), // Linux: ~/.local/share
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "Windows", "Fonts"),
            Environment.GetFolderPath(Environment.SpecialFolder.Fonts), // ~/.fonts, ~/Library/Fonts, C:\Windows\Fonts
        ])
        .Where(Path.IsPathRooted) // a folder of the user that does not exist has an empty path
        .Where(Directory.Exists);

    /// <summary>The folders that all users of a Linux system share.</summary>
    /// <param name="dataFolders">The value of <c>XDG_DATA_DIRS</c>; null or empty for its default.</param>
    public static IEnumerable<string> OfTheSystem(string? dataFolders) =>
        (string.IsNullOrEmpty(dataFolders) ? "/usr/share:/usr/local/share" : dataFolders)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "fonts"));

    /// <summary>One face of each family, in the order of their names: the upright, regular one, or the nearest to it.</summary>
    public static IReadOnlyList<FontFace> In(IEnumerable<string> folders) =>
    [
        .. folders
            .SelectMany(Files)
            .SelectMany(FontFace.In)
            .GroupBy(face => face.Family)
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(family => family.OrderBy(face => face.Oddness).ThenBy(face => Path.GetFileName(face.File), StringComparer.Ordinal).First()),
    ];

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
}
