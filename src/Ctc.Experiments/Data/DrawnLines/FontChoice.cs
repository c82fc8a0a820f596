using Ctc.Experiments.Fonts;

namespace Ctc.Experiments.Data.DrawnLines;

/// <summary>Finds the fonts to draw symbols with.</summary>
/// <param name="symbols">The symbols that each of them must have.</param>
/// <param name="files">Font files to use.</param>
/// <param name="families">Installed families to use.</param>
/// <param name="folders">The folders of installed fonts.</param>
/// <param name="installed">The fonts in these folders, if several choices share one search; by default they are searched for this one.</param>
internal sealed class FontChoice(
    IReadOnlyList<string> symbols, IReadOnlyList<string> files, IReadOnlyList<string> families, IReadOnlyList<string> folders,
    Lazy<IReadOnlyList<FontFace>>? installed = null)
{
    private readonly Lazy<IReadOnlyList<FontFace>> installed = installed ?? new(() => InstalledFonts.In(folders));

    /// <summary>
    /// Gets the requested fonts that were found, files first; without a request, the embedded font or the installed ones that have all the symbols.
    /// </summary>
    public IEnumerable<FontFace> Found => files.Count + families.Count == 0 ? Suitable() : Named();

    /// <summary>The fonts found, if they are all the requested ones and have all the symbols.</summary>
    /// <returns>At least one.</returns>
    /// <exception cref="InvalidDataException">One is missing, is no font, or lacks symbols.</exception>
    public IReadOnlyList<FontFace> Require()
    {
        FontFace[] found = [.. Found];
        if (files.FirstOrDefault(file => found.All(face => face.File != file)) is { } noFont)
        {
            throw new InvalidDataException($"{noFont} cannot be read as a font; expected a TrueType or OpenType file.");
        }

        if (families.FirstOrDefault(family => found.All(face => face.Family != family)) is { } absent)
        {
            throw new InvalidDataException($"No font of the family '{absent}' is installed in {Places}{Advice}.");
        }

        if (found.FirstOrDefault(face => face.Lacking(symbols).Any()) is { } poor)
        {
            throw new InvalidDataException(
                $"The font {poor.Family} lacks {Shown(poor.Lacking(symbols))}; expected one that has all the symbols{Advice}.");
        }

        return found.Length > 0 ? found : throw new InvalidDataException($"No font in {Places} has all the symbols {Shown(symbols)}{Advice}.");
    }

    private IEnumerable<FontFace> Named() =>
        files.Select(file => FontFace.In(file).FirstOrDefault())
            .Concat(families.Select(family => installed.Value.FirstOrDefault(face => face.Family == family)))
            .OfType<FontFace>();

    private IEnumerable<FontFace> Suitable()
    {
        FontFace embedded = new(null, EmbeddedFont.Typeface);
        return embedded.Lacking(symbols).Any() ? installed.Value.Where(face => !face.Lacking(symbols).Any()) : [embedded];
    }

    private string Places => folders.Count == 0 ? "the system's folders for fonts" : string.Join(", ", folders);

    private string Advice => symbols.Any(symbol => symbol[0] is >= '\u4E00' and <= '\u9FFF')
        ? "; on Debian the packages fonts-arphic-gbsn00lp, fonts-arphic-gkai00mp and fonts-wqy-microhei contain Chinese ones"
        : "";

    private static string Shown(IEnumerable<string> symbols)
    {
        const int most = 20;
        string[] all = [.. symbols];
        return all.Length <= most ? string.Concat(all) : $"{string.Concat(all.Take(most))} and {all.Length - most} more";
    }
}
