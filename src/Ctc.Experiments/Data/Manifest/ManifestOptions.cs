using System.ComponentModel.DataAnnotations;

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

    /// <summary>Gets a file of symbols, one a line, that the alphabet has in addition to those of the training images.</summary>
    /// <value>By default there is none. A symbol that no training image shows is never read correctly.</value>
    [DataFile]
    public string? Symbols { get; init; }

    /// <summary>
    /// Gets the height of a line, which is the feature size. Images are scaled to it, keeping their proportions; a column is a frame.
    /// </summary>
    /// <value>In rows, 1 to 256; the default is 32.</value>
    [Range(1, 256)]
    public int Height { get; init; } = 32;

    /// <summary>Gets the seed that determines which images are set apart. It is ignored if there is a manifest for dev.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }
}
