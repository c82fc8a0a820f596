using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Pages;

/// <summary>A transcribed line of a page.</summary>
/// <param name="Where">File and line of XML, as messages begin.</param>
/// <param name="Id">Its name in the file.</param>
/// <param name="Text">Its text, not empty.</param>
/// <param name="Region">Its place on the page.</param>
internal sealed record PageLine(string Where, string Id, string Text, PageRegion Region);

/// <summary>A page: an image, and its lines that have a text.</summary>
/// <param name="Where">File and line of XML, as messages begin.</param>
/// <param name="Image">The name of the image as it is written; null if the file names none.</param>
/// <param name="Number">The page of the image, from 1, if the file describes several; else null.</param>
/// <param name="Lines">In the order of the file.</param>
internal sealed record Page(string Where, string? Image, int? Number, IReadOnlyList<PageLine> Lines);
