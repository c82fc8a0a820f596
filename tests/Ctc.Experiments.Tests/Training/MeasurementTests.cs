using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class MeasurementTests
{
    [Test]
    public void Rates_count_edits_over_all_tokens_and_recall_by_symbol()
    {
        // One substitution and one insertion over five tokens; "2" is found in one of two places.
        Measurement measured = Measurement.FromUtterances([Read("123", "143", 1, 0.5), Read("12", "122", 1, 1.5), Read("", "", 0, 1)]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.TokenErrorRate, Is.EqualTo(2.0 / 5));
            Assert.That(measured.ExactMatchRate, Is.EqualTo(1.0 / 3));
            Assert.That(measured.Loss, Is.EqualTo(1));
            Assert.That(measured.PerToken["2"], Is.EqualTo(new TokenRecall(2, 1)));
            Assert.That(measured.PerToken["2"].Recall, Is.EqualTo(0.5));
            Assert.That(measured.PerToken["1"], Is.EqualTo(new TokenRecall(2, 2)));
        }
    }

    [Test]
    public void Infeasible_utterances_are_named_and_leave_the_mean_loss_alone()
    {
        Measurement measured = Measurement.FromUtterances([Read("1", "1", 0, 2), Read("11", "", 2, null)]);
        Assert.That(measured.Loss, Is.EqualTo(2));
        Assert.That(measured.Infeasible, Is.EqualTo(new[] { "11" }));
    }

    private static UtteranceResult Read(string there, string read, int errors, double? loss) =>
        new(there, [.. there.Select(letter => $"{letter}")], [.. read.Select(letter => $"{letter}")], errors, there.Length, loss);
}
