using Ctc.Experiments.Fonts;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>The installed fonts that can print a text.</summary>
public static class PrintableFonts
{
    private const double Share = 0.998;

    /// <summary>Finds families, without those of fixed width: fonts of books.</summary>
    /// <param name="texts">UTF-8 text, as <c>typeset-lines</c> prints it.</param>
    /// <returns>Names in ordinal order; each font can print 99.8 % of the lines.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static IReadOnlyList<string> For(string texts)
    {
        var options = new TypesetLinesOptions { Texts = texts };
        string[] pieces = [.. TextPieces.Load(texts, options.MinLength, options.MaxLength)];
        return
        [
            .. InstalledFonts.In(InstalledFonts.Folders)
                .Where(face => !face.Typeface.IsFixedPitch && pieces.Count(face.Typeface.ContainsGlyphs) >= Share * pieces.Length)
                .Select(face => face.Family),
        ];
    }
}
