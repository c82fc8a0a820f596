using System.Globalization;

namespace Ctc.Experiments.Runs;

/// <summary>Pictures of test utterances in a folder of a run. The number that begins a name is the place in the test set, from 1.</summary>
internal static class NumberedPictures
{
    private const string Ending = ".png";

    /// <summary>The start of the name for an utterance.</summary>
    /// <param name="position">Its place in the test set, from 0.</param>
    public static string Prefix(int position) => string.Create(CultureInfo.InvariantCulture, $"{position + 1}-");

    /// <summary>Finds the picture of an utterance.</summary>
    /// <param name="folder">The folder of the pictures, which may be missing.</param>
    /// <param name="position">The place of the utterance in the test set, from 0.</param>
    /// <returns>A PNG; null if there is none.</returns>
    public static string? Find(string folder, int position) =>
        Written(folder).FirstOrDefault(file => Path.GetFileName(file).StartsWith(Prefix(position), StringComparison.Ordinal));

    /// <summary>The pictures of a folder, other files left out.</summary>
    public static string[] Written(string folder) =>
        !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(Path.GetFullPath(folder)).Where(IsOwn).Order(StringComparer.Ordinal)];

    /// <summary>Creates the folder, and deletes the pictures of an earlier result.</summary>
    public static void Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string former in Written(folder)) File.Delete(former);
    }

    private static bool IsOwn(string file)
    {
        string name = Path.GetFileName(file);
        return name.AsSpan().TrimStart("0123456789") is ['-', ..] && char.IsAsciiDigit(name[0])
            && name.EndsWith(Ending, StringComparison.Ordinal);
    }
}
