using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Calibrations;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Calibrations;

public class CalibrationTests
{
    // Each token has two frames of 10 ms. The occupancy tells right from wrong, the posterior does not.
    private static readonly AlignedUtterance[] Utterances =
    [
        Utterance("first", (0.9, 0.5, 0, 20), (0.6, 0.5, 20, 21)),
        Utterance("second", (0.8, 0.5, -5, 5), (0.5, 0.5, -30, 0)),
    ];

    [Test]
    public void Right_is_what_has_both_edges_within_the_tolerance()
    {
        Assert.That(
            Utterances.SelectMany(one => JudgedPart.TokensOf(one, 20)).Select(part => part.IsRight), Is.EqualTo(new[] { true, false, true, false }));
        Assert.That(JudgedPart.TokensOf(Utterances[0], 21).Select(part => part.IsRight), Is.All.True);
        Assert.That(JudgedPart.TokensOf(Utterances[0] with { BoundaryErrors = null }, 21), Is.Empty);
    }

    [Test]
    public void A_word_has_the_start_of_its_first_token_and_the_end_of_its_last()
    {
        AlignedUtterance words = Utterances[0] with { Words = [new AlignedWord("ab", ["a", "b"], 0, 4), new AlignedWord("b", ["b"], 2, 4)] };
        Assert.That(JudgedPart.WordsOf(words, 20).Select(part => part.IsRight), Is.EqualTo(new[] { false, false }), "starts 0 and 20, ends 21");
        words = words with { BoundaryErrors = [20, 99, 99, -20] };
        Assert.That(JudgedPart.WordsOf(words, 20).Select(part => part.IsRight), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void The_measure_that_tells_right_from_wrong_is_mapped_and_measured_on_the_other_half()
    {
        CalibrationFit fit = Fit();
        Assert.That(fit.Tokens.Discriminations[ConfidenceMeasure.Occupancy], Is.EqualTo(1));
        Assert.That(fit.Tokens.Discriminations[ConfidenceMeasure.Posterior], Is.EqualTo(0.5));
        Assert.That(fit.Calibration.Tokens.Measure, Is.EqualTo(ConfidenceMeasure.Occupancy));

        // The half of the first utterance maps 0.6 to 0 and 0.9 to 1, that of the second 0.5 to 0 and 0.8 to 1.
        Assert.That(fit.Tokens.Before.ExpectedCalibrationError, Is.EqualTo((0.1 + 0.6 + 0.2 + 0.5) / 4).Within(1e-12));
        Assert.That(fit.Tokens.After!.ExpectedCalibrationError, Is.EqualTo((0 + (1 / 3.0) + (1 / 3.0) + 0) / 4).Within(1e-12));
        Assert.That((fit.Words, fit.Calibration.Words), Is.EqualTo(((CrossFit?)null, (ConfidenceMap?)null)));
        Assert.That(Fit(Utterances[..1]).Tokens.After, Is.Null);
    }

    [Test]
    public void It_is_the_same_from_its_file_and_gives_confidences()
    {
        using var folder = new TemporaryFolder();
        Fit().Calibration.Save(folder.In("c.json"));
        Calibration loaded = Calibration.Load(folder.In("c.json"));
        Assert.That(loaded.Setting, Is.EqualTo(new CalibrationSetting("run", "test", 2, 4, 0, EdgeKind.Midway, 20, 0.01)));
        AlignedUtterance given = loaded.ApplyTo(Utterance("other", (0.7, 0.1, 0, 0), (0.4, 0.1, 0, 0)));
        Assert.That(given.Tokens!.Select(token => token.Confidence!.Value), Is.EqualTo(new[] { 0.5, 0 }).Within(1e-12), "midway from 0.55 to 0.85");
        Assert.That(given.ToTimedText().Tokens.Select(token => token.Confidence!.Value), Is.EqualTo(new[] { 0.5, 0 }).Within(1e-12));
    }

    [Test]
    public void In_what_alignments_differ_is_named()
    {
        CalibrationSetting setting = Fit().Calibration.Setting;
        Assert.That(setting.DifferencesFrom("run", EdgeKind.Midway, 0.0105, 20), Is.Empty, "a rounded length");
        Assert.That(setting.DifferencesFrom(null, EdgeKind.Midway, 0.01), Is.Empty);
        Assert.That(
            setting.DifferencesFrom("other", EdgeKind.Frames, 0.02, 10),
            Is.EqualTo(new[] { "the run run, not other", "the tolerance 20 ms, not 10 ms", "edges midway, not frames", "frames of 10 ms, not of 20 ms" }));
        Assert.That(setting.DifferencesFrom(null, EdgeKind.Midway, null), Is.EqualTo(new[] { "frames of 10 ms, not of unknown duration" }));
    }

    [TestCase("", "The input does not contain any JSON tokens")]
    [TestCase("null", "has a map whose")]
    [TestCase("{}", "missing required properties")]
    [TestCase("wrong measure", "could not be converted")]
    [TestCase("falling", "do not rise from 0 to 1")]
    public void Another_file_is_refused(string what, string cause)
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("c.json");
        Fit().Calibration.Save(file);
        string whole = File.ReadAllText(file);
        File.WriteAllText(file, what switch
        {
            "wrong measure" => whole.Replace("\"occupancy\"", "\"x\"", StringComparison.Ordinal),
            "falling" => whole.Replace("0.55", "0.95", StringComparison.Ordinal),
            _ => what,
        });
        Assert.That(
            () => Calibration.Load(file),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(file).And.Message.Contains(cause)
                .And.Message.EndsWith("expected a calibration that ctc align --calibrate wrote."));
    }

    [Test]
    public void Alignments_without_a_truth_or_a_confidence_are_refused()
    {
        AlignedUtterance spiked = Utterances[0] with { Tokens = [new AlignedToken("a", 0, 1)], BoundaryErrors = [0, 0] };
        foreach (AlignedUtterance one in new[] { spiked, Utterances[0] with { BoundaryErrors = null } })
        {
            Assert.That(() => Fit(one), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("test has no token with a confidence"));
        }
    }

    private static CalibrationFit Fit(params AlignedUtterance[] utterances) =>
        CalibrationFit.From(utterances.Length == 0 ? Utterances : utterances, "run", "test", EdgeKind.Midway, 20);

    private static AlignedUtterance Utterance(string id, params (double Occupancy, double Posterior, double Start, double End)[] tokens) =>
        new(
            id, 2 * tokens.Length, 0,
            [.. tokens.Select((token, u) => new AlignedToken("a", 2 * u, 2 * (u + 1)) { Occupancy = token.Occupancy, Posterior = token.Posterior })],
            Words: null)
        {
            FrameSeconds = 0.01,
            BoundaryErrors = [.. tokens.SelectMany(token => new[] { token.Start, token.End })],
        };
}
