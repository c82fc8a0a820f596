using System.ComponentModel.DataAnnotations;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The options of a beam for what is scored beside the model's output: language model, words, hot words. Scores are in nats.</summary>
public abstract record FusionOptions
{
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
