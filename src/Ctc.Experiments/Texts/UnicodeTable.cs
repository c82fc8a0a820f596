using System.Globalization;

namespace Ctc.Experiments.Texts;

/// <summary>The embedded tables of Unicode, the same on every machine. In the repository <c>data/unicode</c> says how they are made.</summary>
internal static class UnicodeTable
{
    /// <summary>The lines of a table.</summary>
    /// <param name="name">Its file.</param>
    public static IEnumerable<string[]> Load(string name)
    {
        using Stream resource = typeof(UnicodeTable).Assembly.GetManifestResourceStream($"unicode/{name}")!;
        using var lines = new StreamReader(resource);
        while (lines.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) yield return line.Split(' ');
        }
    }

    /// <summary>Parses a code point.</summary>
    public static int CodePoint(string written) => int.Parse(written, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
