using Ctc.Engine.Metrics;

namespace Ctc.Engine.Tests.Metrics;

/// <summary>The metrics by hand counts.</summary>
public class MetricTests
{
    private static readonly Alphabet Letters = new(["a", "b", " ", "|", "é", "👩‍👩‍👧"]);

    [TestCase("", "", 0, 0)]
    [TestCase("", "ab", 2, 0)]
    [TestCase("ab", "", 2, 2)]
    [TestCase("a b", "a b", 0, 3)]
    [TestCase("aab", "bab", 1, 3)]
    [TestCase("é👩‍👩‍👧", "👩‍👩‍👧", 1, 2)]
    public void The_token_error_rate_counts_edits_per_token(string reference, string hypothesis, double amount, double total) =>
        Assert.That(new TokenErrorRate().Measure(Utterance(reference, hypothesis)), Is.EqualTo(new MetricRatio(amount, total)));

    [TestCase("", "", 0, 0)]
    [TestCase("", "ab a", 2, 0)]
    [TestCase("ab a", "ab a", 0, 2)]
    [TestCase("ab a", "aba", 2, 2, Description = "one word in the place of two: a substitution and a deletion")]
    [TestCase("ab a b", "ab b", 1, 3)]
    [TestCase(" ab  a ", "ab a", 0, 2, Description = "separators at the ends and beside each other make no words")]
    [TestCase("a|b", "a b", 2, 1)]
    [TestCase("é b", "é a", 1, 2)]
    public void The_word_error_rate_counts_edits_per_word(string reference, string hypothesis, double amount, double total) =>
        Assert.That(new WordErrorRate(new()).Measure(Utterance(reference, hypothesis)), Is.EqualTo(new MetricRatio(amount, total)));

    [Test]
    public void The_separator_of_words_may_be_another_symbol() =>
        Assert.That(new WordErrorRate(new() { Separator = "|" }).Measure(Utterance("a b|b", "a b|a")), Is.EqualTo(new MetricRatio(1, 2)));

    [TestCase("ab", "ab", 1)]
    [TestCase("ab", "a", 0)]
    [TestCase("", "", 1)]
    public void An_exact_match_is_an_utterance_without_an_error(string reference, string hypothesis, double amount) =>
        Assert.That(new ExactMatch().Measure(Utterance(reference, hypothesis)), Is.EqualTo(new MetricRatio(amount, 1)));

    [Test]
    public void Names_are_those_of_the_parts_or_their_own()
    {
        IMetric[] metrics = [new TokenErrorRate(), new WordErrorRate(new()), new ExactMatch()];
        Assert.That(metrics.Select(metric => metric.Name), Is.EqualTo(new[] { "token error rate", "word error rate", "exact match rate" }));
        Assert.That(metrics.Select(metric => metric.HigherIsBetter), Is.EqualTo(new[] { false, false, true }));
        Assert.That(metrics.Select(metric => metric.Unit), Is.All.EqualTo("%"));
    }

    [Test]
    public void A_value_is_the_sum_of_amounts_over_the_sum_of_totals_and_without_a_total_the_amount()
    {
        MetricRatio sum = new MetricRatio(1, 4) + new MetricRatio(2, 2);
        Assert.That(sum.Value, Is.EqualTo(0.5));
        Assert.That(new MetricRatio(3, 0).Value, Is.EqualTo(3));
        Assert.That(default(MetricRatio).Value, Is.Zero);
    }

    // Text elements are symbols.
    private static DecodedUtterance Utterance(string reference, string hypothesis) => new(Tokens(reference), Tokens(hypothesis), Letters);

    private static long[] Tokens(string text)
    {
        var elements = System.Globalization.StringInfo.GetTextElementEnumerator(text);
        var tokens = new List<long>();
        while (elements.MoveNext()) tokens.Add(Letters.Token(elements.GetTextElement()));
        return [.. tokens];
    }
}
