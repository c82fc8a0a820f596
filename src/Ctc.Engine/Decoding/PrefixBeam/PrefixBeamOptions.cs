using System.ComponentModel.DataAnnotations;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The options of <see cref="PrefixBeamDecoder"/> and <see cref="PrefixBeamSearch"/>. Scores are in nats.</summary>
public sealed record PrefixBeamOptions : FusionOptions, IValidatableObject
{
    /// <summary>Gets the number of prefixes that are kept after each frame.</summary>
    /// <value>1 to 100,000; the default is 16.</value>
    [Range(1, 100_000)]
    public int Width { get; init; } = 16;

    /// <summary>Gets the largest number of hypotheses of an utterance.</summary>
    /// <value>1 to 100,000; the default is 10. There are never more than the width.</value>
    [Range(1, 100_000)]
    public int Hypotheses { get; init; } = 10;

    /// <summary>Gets how far below the best score a prefix is dropped.</summary>
    /// <value>Nats, 0 or more; none, the default, drops by the width alone.</value>
    [Range(0.0, double.MaxValue)]
    public double? Threshold { get; init; }

    /// <summary>Gets how many tokens besides the blank extend prefixes in a frame: the likeliest.</summary>
    /// <value>1 or more; none, the default, for all.</value>
    [Range(1, int.MaxValue)]
    public int? TopTokens { get; init; }

    /// <summary>Gets the probability of the blank from which a frame reads the blank alone.</summary>
    /// <value>0 to 1, such as 0.999; none, the default, skips no frame.</value>
    [Range(0.0, 1.0)]
    public double? SkipBlank { get; init; }

    /// <summary>Gets the file of a lexicon, whose words are read: a word, perhaps a weight, and its symbols in each line.</summary>
    /// <value>None by default. Words of which a symbol is no token are left out.</value>
    [DataFile]
    public string? Lexicon { get; init; }

    /// <summary>Gets what each word adds that the lexicon does not have: tokens of targets between separators that are no pronunciation.</summary>
    /// <value>Nats, −1000 to 0; none, the default, if only words of the lexicon are read. The separator must be a token.</value>
    [Range(-1000.0, 0.0)]
    public double? UnknownWord { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UnknownWord is not null && Lexicon is null)
        {
            yield return new ValidationResult("expected a lexicon beside it, because any word is read without one", [nameof(UnknownWord)]);
        }
    }
}
