using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The images, their texts and the height that they are scaled to. docs/data.md describes the files.</summary>
public sealed record ManifestOptions
{
    /// <summary>Gets the manifest of the training images.</summary>
    [DataFile]
    public required string Train { get; init; }

    /// <summary>Gets the manifest of the dev images, by which the best epoch is chosen.</summary>
    /// <value>By default there is none, and one in ten of the training images is set apart.</value>
    [DataFile]
    public string? Dev { get; init; }

    /// <summary>Gets the manifest of the test images.</summary>
    [DataFile]
    public required string Test { get; init; }

    /// <summary>
    /// Gets a file of symbols, one a line, that the alphabet has in addition to those of the training images, and by which text is split: at each
    /// place the longest listed symbol, or else a grapheme cluster.
    /// </summary>
    /// <value>By default there is none. A symbol that no training image shows is never read correctly.</value>
    [DataFile]
    public string? Symbols { get; init; }

    /// <summary>Gets the form of Unicode to which texts, tokens and symbols are converted.</summary>
    /// <value>nfc, nfd or none; the default is nfc, in which é is one code point.</value>
    public UnicodeForm Normalization { get; init; } = UnicodeForm.Nfc;

    /// <summary>Gets the direction in which the lines are read: the order of the symbols of a text across its image.</summary>
    /// <value>left-to-right, right-to-left, top-to-bottom or bottom-to-top; the default is left-to-right.</value>
    public ReadingDirection Direction { get; init; } = ReadingDirection.LeftToRight;

    /// <summary>
    /// Gets the height of a line, which is the feature size. Images are scaled to it, keeping their proportions; a column is a frame.
    /// Of vertical lines it is the width.
    /// </summary>
    /// <value>In rows, 1 to 256; the default is 32.</value>
    [Range(1, 256)]
    public int Height { get; init; } = 32;

    /// <summary>Gets the seed that determines which images are set apart. It is ignored if there is a manifest for dev.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }
}
