using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The images, their texts and the height that they are scaled to. docs/data.md describes the files.</summary>
public sealed record ManifestOptions : IValidatableObject, ISetOptions
{
    /// <summary>The value of <see cref="Symbols"/> that takes the symbols of dev and test into the alphabet.</summary>
    public const string FromAllSets = "from-all-sets";

    /// <summary>Gets the training lines: a manifest, PAGE-XML, ALTO or a folder.</summary>
    [DataFile(OrFolder = true)]
    public required string Train { get; init; }

    /// <summary>Gets the dev lines, by which the best epoch is chosen.</summary>
    /// <value>By default there are none, and one in ten of the training lines is set apart.</value>
    [DataFile(OrFolder = true)]
    public string? Dev { get; init; }

    /// <summary>Gets the test lines.</summary>
    /// <value>By default there are none, and one in ten of the training lines is set apart, before those for dev.</value>
    [DataFile(OrFolder = true)]
    public string? Test { get; init; }

    /// <summary>Gets what stays together when lines are set apart.</summary>
    /// <value>line, or group, so that no book or writer is in two sets; the default is line.</value>
    public SplitUnit SplitBy { get; init; }

    /// <summary>Gets what a symbol of a text is.</summary>
    /// <value>
    /// character; word: what is between spaces; or piece, as the model of SentencePiece under symbols splits texts. The default is character.
    /// </value>
    public TextUnit Unit { get; init; }

    /// <summary>
    /// Gets a file of symbols, one a line, that the alphabet has in addition to those of the training lines, and by which text is split into
    /// characters: at each place the longest listed symbol, or else a grapheme cluster. With pieces it is the model, whose pieces are the alphabet.
    /// </summary>
    /// <value>
    /// A file, or from-all-sets: the symbols of dev and test are in the alphabet; by default there is none. A symbol that no training line shows is
    /// never read correctly.
    /// </value>
    [DataFile(OrWord = FromAllSets)]
    public string? Symbols { get; init; }

    /// <summary>Gets the folder in which relative paths of images start.</summary>
    /// <value>By default that of the file that names them.</value>
    [DataFile(OrFolder = true)]
    public string? Root { get; init; }

    /// <summary>Gets the form of Unicode to which texts, tokens and symbols are converted.</summary>
    /// <value>nfc, nfd, nfkc or none; the default is nfc, in which é is one code point.</value>
    public UnicodeForm Normalization { get; init; } = UnicodeForm.Nfc;

    /// <summary>Gets what becomes of the white space of texts. Pieces are those of the text with single spaces.</summary>
    /// <value>keep, or collapse to single spaces; the default is keep.</value>
    public WhiteSpace WhiteSpace { get; init; }

    /// <summary>Gets the direction in which the lines are read: the order of the symbols of a text across its image.</summary>
    /// <value>
    /// left-to-right, right-to-left, top-to-bottom, bottom-to-top, or auto, in the order of display; the default is left-to-right.
    /// </value>
    public ReadingDirection Direction { get; init; } = ReadingDirection.LeftToRight;

    /// <summary>
    /// Gets the height of a line, which is the feature size. Images are scaled to it, keeping their proportions; a column is a frame.
    /// Of vertical lines it is the width.
    /// </summary>
    /// <value>In rows, 1 to 256; the default is 32.</value>
    [Range(1, 256)]
    public int Height { get; init; } = 32;

    /// <summary>Gets what is done with lines that are not valid, and with lines whose image cannot be read.</summary>
    /// <value>error: the first of them are named, and nothing is trained; drop: they are left out. The default is error.</value>
    public InvalidLines Invalid { get; init; }

    /// <summary>Gets the seed that determines which lines are set apart. It is ignored if there are dev and test.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <inheritdoc/>
    string ISetOptions.Noun => "image";

    /// <inheritdoc/>
    bool ISetOptions.IsDisplayed => Direction == ReadingDirection.Auto;

    /// <summary>Refuses pieces without a model, and units whose order of display is unknown.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => this.FindFaults();
}

/// <summary>What is done with lines of a manifest that are not valid, or whose input is not.</summary>
public enum InvalidLines
{
    /// <summary>The first of them are named, and nothing is done.</summary>
    Error,

    /// <summary>They are left out.</summary>
    Drop,
}

/// <summary>What stays together when lines are set apart for dev or test.</summary>
public enum SplitUnit
{
    /// <summary>Lines of one image, or of copies of it.</summary>
    Line,

    /// <summary>Lines of one group too, such as a book or a writer.</summary>
    Group,
}
