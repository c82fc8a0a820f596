using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Speech;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>Recordings, their texts and their features. docs/speech.md describes the files.</summary>
public sealed record RecordingsOptions : LogMelOptions, ISetOptions
{
    /// <summary>Gets the training utterances: JSON Lines with the keys of NeMo, or a data folder of Kaldi.</summary>
    [DataFile(OrFolder = true)]
    public required string Train { get; init; }

    /// <summary>Gets the dev utterances, by which the best epoch is chosen.</summary>
    /// <value>By default there are none, and one in ten of the training utterances is set apart.</value>
    [DataFile(OrFolder = true)]
    public string? Dev { get; init; }

    /// <summary>Gets the test utterances.</summary>
    /// <value>By default there are none, and one in ten of the training utterances is set apart, before those for dev.</value>
    [DataFile(OrFolder = true)]
    public string? Test { get; init; }

    /// <summary>Gets what stays together when utterances are set apart.</summary>
    /// <value>line, or group, so that no speaker is in two sets; the default is line.</value>
    public SplitUnit SplitBy { get; init; }

    /// <summary>Gets what a symbol of a text is.</summary>
    /// <value>
    /// character; word: what is between spaces, such as phones; or piece, as the model of SentencePiece under symbols splits texts. The default is
    /// character.
    /// </value>
    public TextUnit Unit { get; init; }

    /// <summary>
    /// Gets a file of symbols, one a line, that the alphabet has in addition to those of the training texts, and by which text is split into
    /// characters: at each place the longest listed symbol, or else a grapheme cluster. With pieces it is the model, whose pieces are the alphabet.
    /// </summary>
    /// <value>A file, or from-all-sets: the symbols of dev and test are in the alphabet; by default there is none.</value>
    [DataFile(OrWord = ManifestOptions.FromAllSets)]
    public string? Symbols { get; init; }

    /// <summary>Gets the folder in which relative paths of recordings start.</summary>
    /// <value>By default that of the file that names them.</value>
    [DataFile(OrFolder = true)]
    public string? Root { get; init; }

    /// <summary>Gets the form of Unicode to which texts, tokens and symbols are converted.</summary>
    /// <value>nfc, nfd, nfkc or none; the default is nfc, in which é is one code point.</value>
    public UnicodeForm Normalization { get; init; } = UnicodeForm.Nfc;

    /// <summary>Gets what is done with lines that are not valid, and with lines whose recording cannot be read.</summary>
    /// <value>error: the first of them are named, and nothing is trained; drop: they are left out. The default is error.</value>
    public InvalidLines Invalid { get; init; }

    /// <summary>Gets the seed that determines which utterances are set apart. It is ignored if there are dev and test.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <inheritdoc/>
    string ISetOptions.Noun => "recording";

    /// <inheritdoc/>
    bool ISetOptions.MayShareFiles => true;

    /// <inheritdoc/>
    WhiteSpace ISetOptions.WhiteSpace => WhiteSpace.Collapse;

    /// <summary>Refuses what <see cref="LogMelOptions"/> does, pieces without a model, and a root that is a file.</summary>
    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (ValidationResult fault in this.FindFaults()) yield return fault;
        if (Root is not null && File.Exists(Root)) yield return new ValidationResult($"root is {Root}, a file; expected a folder", [nameof(Root)]);
        foreach (ValidationResult fault in base.Validate(validationContext)) yield return fault;
    }
}
