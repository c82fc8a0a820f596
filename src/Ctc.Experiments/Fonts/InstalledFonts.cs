namespace Ctc.Experiments.Fonts;

/// <summary>The fonts in the font folders of the system and of the user.</summary>
internal static class InstalledFonts
{
    private static readonly string[] Endings = [".ttf", ".ttc", ".otf", ".otc"];

    /// <summary>Gets the folders that exist, subfolders not named.</summary>
    public static IEnumerable<string> Folders =>
        new[]
        {
            "/usr/share/fonts", "/usr/local/share/fonts", // Linux
            "/System/Library/Fonts", "/Library/Fonts", // macOS
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "fonts"), // Linux: ~/.local/share
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "Windows", "Fonts"),
            Environment.GetFolderPath(Environment.SpecialFolder.Fonts), // ~/.fonts, ~/Library/Fonts, C:\Windows\Fonts
        }
        .Where(Directory.Exists);

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
