using System.ComponentModel.DataAnnotations;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The options of <see cref="PrefixBeamDecoder"/> and <see cref="PrefixBeamSearch"/>. Scores are in nats.</summary>
public sealed record PrefixBeamOptions
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

    /// <summary>Gets the weight of the language model.</summary>
    /// <value>0 to 100; the default is 0.5. With 0 the language model is not read.</value>
    [Range(0.0, 100.0)]
    public double LanguageWeight { get; init; } = 0.5;

    /// <summary>Gets what each word adds under a language model of words or a lexicon, and each token otherwise.</summary>
    /// <value>Nats, −100 to 100; the default is 0.</value>
    [Range(-100.0, 100.0)]
    public double InsertionBonus { get; init; }

    /// <summary>
    /// Gets what each unit adds that the language model does not know, beside its probability in a model that has one for such units.
    /// </summary>
    /// <value>Nats, −1000 to 0; the default is −10.</value>
    [Range(-1000.0, 0.0)]
    public double UnknownPenalty { get; init; } = -10;

    /// <summary>Gets the text that separates words: a symbol of its own, or the start of the symbols that begin a word.</summary>
    /// <value>At least one character; the default is a space. Word pieces have <c>▁</c>.</value>
    [MinLength(1, ErrorMessage = "expected one character or more")]
    public string Separator { get; init; } = " ";

    /// <summary>Gets the file of a lexicon, whose words alone are read: a word, perhaps a weight, and its symbols in each line.</summary>
    /// <value>None by default. Words of which a symbol is no token are left out.</value>
    [DataFile]
    public string? Lexicon { get; init; }

    /// <summary>Gets words or phrases that are preferred.</summary>
    /// <value>
    /// None by default. Where a symbol of the alphabet has the separator, whole words match; otherwise the text matches anywhere.
    /// </value>
    public IReadOnlyList<string> HotWords { get; init; } = [];

    /// <summary>Gets what each occurrence of a hot word adds. Its share counts while a word is read in part.</summary>
    /// <value>Nats, 0 to 100; the default is 5.</value>
    [Range(0.0, 100.0)]
    public double HotWordBonus { get; init; } = 5;
}
