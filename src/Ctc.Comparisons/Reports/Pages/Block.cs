using Ctc.Experiments.Readings;

namespace Ctc.Comparisons.Reports.Pages;

/// <summary>A block of a page, independent of the format of the page.</summary>
internal abstract record Block;

/// <summary>The beginning of a section.</summary>
internal sealed record Heading(string Text) : Block;

/// <summary>Some sentences.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>A list: the subject and the text of each item.</summary>
internal sealed record Bullets(IReadOnlyList<(string About, string Text)> Items) : Block;

/// <summary>A table. The first column names the rows.</summary>
/// <param name="Name">Its title, for screen readers.</param>
/// <param name="Caption">An explanation.</param>
/// <param name="Columns">Their headings, and whether they hold numbers.</param>
/// <param name="Rows">As many cells as there are columns.</param>
internal sealed record Table(
    string Name,
    string Caption,
    IReadOnlyList<(string Heading, bool IsNumber)> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows) : Block
{
    /// <summary>Gets whether the second column is a verdict in words; by default not.</summary>
    public bool HasVerdict { get; init; }
}

/// <summary>A line that several models read: for each what is there above what it read, with the differences marked.</summary>
/// <param name="Name">The name of the line.</param>
/// <param name="Readings">The heading and the alignment of each.</param>
internal sealed record ReadLine(string Name, IReadOnlyList<(string Heading, IReadOnlyList<ReadPair> Pairs)> Readings) : Block
{
    /// <summary>Gets the image of the line: PNGs that follow each other from left to right, with their sizes in pixels.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<(byte[] Png, int Width, int Height)> Strips { get; init; } = [];

    /// <summary>Gets whether the line begins at the right: then its first strip is the last one.</summary>
    public bool IsRightToLeft { get; init; }
}

/// <summary>A picture, for pages that can show one.</summary>
/// <param name="Description">The alternative text.</param>
/// <param name="Caption">An explanation.</param>
/// <param name="Light">PNG for a light page.</param>
/// <param name="Dark">PNG for a dark page; null if there is only one version, which must not be scaled down.</param>
/// <param name="Width">The width to show it with, in CSS pixels.</param>
internal sealed record Picture(string Description, string Caption, byte[] Light, byte[]? Dark, int Width) : Block
{
    /// <summary>Gets the versions for a page of 900 CSS pixels or more; null, the default, for the same as on a narrow one.</summary>
    public (byte[] Light, byte[] Dark)? Wide { get; init; }
}

/// <summary>Pictures side by side if the page is wide enough.</summary>
internal sealed record Gallery(IReadOnlyList<Picture> Pictures) : Block;
