using System.Globalization;

namespace Ctc.Experiments.Data.Common;

/// <summary>The pixels of one line: those of a file, or of a region of a page.</summary>
/// <param name="File">An absolute path.</param>
internal sealed record ImagePart(string File)
{
    /// <summary>Gets the page of a TIFF, from 1; null if the file has one.</summary>
    public int? Page { get; init; }

    /// <summary>Gets the region of the line on its page; null if the line is the whole page.</summary>
    public PageRegion? Region { get; init; }

    /// <summary>Gets what distinguishes the lines of one file; empty for a whole file.</summary>
    public string Place =>
        (Page is { } page ? string.Create(CultureInfo.InvariantCulture, $" page {page}") : "") + (Region is { } region ? $" {region}" : "");
}
