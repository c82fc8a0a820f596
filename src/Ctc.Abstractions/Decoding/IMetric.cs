namespace Ctc;

/// <summary>Extension point: compares what a model reads with what is there.</summary>
/// <remarks>
/// The value of a set of utterances is the sum of their amounts over the sum of their totals. The metric named first in an experiment chooses the
/// best epoch.
/// </remarks>
public interface IMetric : IPart
{
    /// <summary>Gets the name in words, in lower case, such as <c>word error rate</c>; the key in files is <c>word_error_rate</c>.</summary>
    /// <value>By default the name of the part, with spaces in place of hyphens.</value>
    string Name => new PartMetadata(GetType()).Name.Replace('-', ' ');

    /// <summary>Gets the unit of amount over total.</summary>
    /// <value>
    /// <c>%</c>, the default, for a share of 1, which is displayed in per cent. Any other unit is displayed behind the number as it is.
    /// </value>
    string Unit => "%";

    /// <summary>Gets whether the higher of two values is the better one; by default the lower is.</summary>
    bool HigherIsBetter => false;

    /// <summary>Compares an utterance. A function of the argument: neither other utterances nor earlier calls matter.</summary>
    /// <param name="utterance">What is there, and what was read; both may be empty.</param>
    /// <returns>Its amount and its total, finite, the total 0 or more.</returns>
    MetricRatio Measure(DecodedUtterance utterance);
}
