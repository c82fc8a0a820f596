using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Which images there are, what they say, and how high they are made. docs/data.md describes the files.</summary>
public sealed record ManifestOptions
{
    /// <summary>Gets the manifest of the images to learn from.</summary>
    [DataFile]
    public required string Train { get; init; }

    /// <summary>Gets the manifest of the images that choose the best epoch.</summary>
    /// <value>By default there is none, and one in ten of the images to learn from is put aside.</value>
    [DataFile]
    public string? Dev { get; init; }

    /// <summary>Gets the manifest of the images to measure on.</summary>
    [DataFile]
    public required string Test { get; init; }

    /// <summary>Gets a file of symbols, one a line, that the alphabet has besides those of the images to learn from.</summary>
    /// <value>By default there is none. A symbol that nothing is learned about is never read rightly.</value>
    [DataFile]
    public string? Symbols { get; init; }

    /// <summary>Gets the height of a line, which is the feature size. Images are scaled to it, keeping their proportions; a column is a frame.</summary>
    /// <value>In rows, 1 to 256; the default is 32.</value>
    [Range(1, 256)]
    public int Height { get; init; } = 32;

    /// <summary>Gets what decides which images are put aside. With a manifest of their own it is ignored.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }
}
