using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Ctc.Engine.Metrics;

/// <summary>The options of <see cref="WordErrorRate"/>.</summary>
public sealed record WordErrorRateOptions
{
    /// <summary>Gets the symbol between two words.</summary>
    /// <value>A symbol of the alphabet; the default is a space.</value>
    [MinLength(1, ErrorMessage = "expected a symbol of the alphabet")]
    public string Separator { get; init; } = " ";
}

/// <summary>Edits of words per word of the references.</summary>
/// <param name="options">The symbol between words.</param>
[Part(
    "word-error-rate",
    typeof(WordErrorRateOptions),
    Summary = "The edits of words (insertions, deletions, substitutions) per word of the references.",
    Formula = "Σ edits(words of reference, words of hypothesis) / Σ words of reference",
    Paper = "Levenshtein, \"Binary codes capable of correcting deletions, insertions, and reversals\", Soviet Physics Doklady 10, 1966")]
public sealed class WordErrorRate(WordErrorRateOptions options) : IMetric
{
    /// <inheritdoc/>
    public MetricRatio Measure(DecodedUtterance utterance)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        string[] reference = Words(utterance.Reference, utterance.Alphabet), hypothesis = Words(utterance.Hypothesis, utterance.Alphabet);
        return new MetricRatio(EditDistance.Between<string>(reference, hypothesis), reference.Length);
    }

    // Separators at the ends or beside each other make no empty words. Without a separator, the tokens are one word.
    private string[] Words(ReadOnlySpan<long> tokens, Alphabet alphabet)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (long token in tokens)
        {
            if (alphabet[token] != options.Separator) word.Append(alphabet[token]);
            else End();
        }

        End();
        return [.. words];

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }
}
