using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Speech;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>The sentences that are spoken, and their features.</summary>
public abstract record SynthesisOptions : LogMelOptions
{
    /// <summary>Gets a file with a sentence a line, in UTF-8. Blank lines and repetitions are left out. No sentence is in two of the sets.</summary>
    /// <value>There is no default.</value>
    [DataFile]
    public required string Sentences { get; init; }

    /// <summary>Gets the number of training sentences.</summary>
    /// <value>1 or more; the default is 900.</value>
    [Range(1, 1_000_000)]
    public int TrainSentences { get; init; } = 900;

    /// <summary>Gets the number of dev sentences, by which the best epoch is chosen.</summary>
    /// <value>1 or more; the default is 60.</value>
    [Range(1, 1_000_000)]
    public int DevSentences { get; init; } = 60;

    /// <summary>Gets the number of test sentences.</summary>
    /// <value>1 or more; the default is 150.</value>
    [Range(1, 1_000_000)]
    public int TestSentences { get; init; } = 150;

    /// <summary>Gets the seed that determines which sentences are in which set.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <summary>Gets the voices. Sentence k of a set has voice k modulo their number.</summary>
    internal abstract IReadOnlyList<string> AllVoices { get; }

    /// <summary>Gets the phone that targets do not have, although it is spoken; null if they have all.</summary>
    internal virtual string? Unwritten => null;

    /// <summary>Refuses what <see cref="LogMelOptions"/> does, and an empty list of voices.</summary>
    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AllVoices.Count == 0) yield return new ValidationResult("there are no voices; expected at least one", ["Voices"]);
        foreach (ValidationResult fault in base.Validate(validationContext)) yield return fault;
    }
}
