using System.Globalization;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Calibrations;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Align;

/// <summary>Gives alignments calibrated confidences. In what they differ from those that the calibration was fitted to is named.</summary>
/// <param name="calibration">The calibration.</param>
/// <param name="file">Its file, for messages.</param>
/// <param name="run">The identity of the run that aligns; null if there is none.</param>
/// <param name="edges">Where tokens begin and end.</param>
/// <param name="tolerance">The tolerance that is meant; null for that of the calibration.</param>
internal sealed class AppliedCalibration(Calibration calibration, string file, string? run, EdgeKind edges, double? tolerance)
{
    /// <summary>
    /// Gives alignments their confidences. After the last one the standard error tells what does not fit, and how calibrated they are.
    /// </summary>
    /// <param name="all">Alignments.</param>
    /// <returns>Lazily, the alignments.</returns>
    public IEnumerable<AlignedUtterance> ApplyTo(IEnumerable<AlignedUtterance> all)
    {
        var lengths = new List<(long Frames, double? Seconds)>();
        var judged = new List<JudgedConfidence>();
        bool lacksWords = false;
        foreach (AlignedUtterance aligned in all.Select(calibration.ApplyTo))
        {
            if (aligned.Tokens is not null) lengths.Add((aligned.Frames, aligned.FrameSeconds));
            lacksWords |= aligned.Words is not null && calibration.Words is null;
            judged.AddRange(
                from token in JudgedPart.TokensOf(aligned, calibration.Setting.Tolerance)
                where token.Part.Confidence is not null
                select new JudgedConfidence(token.Part.Confidence!.Value, token.IsRight));
            yield return aligned;
        }

        if (lengths.Count == 0) yield break;
        string[] differences = [.. calibration.Setting.DifferencesFrom(run, edges, CalibrationSetting.MeanFrame(lengths), tolerance)];
        if (differences.Length > 0)
        {
            Note($"was fitted to other alignments than these, with {string.Join(", and ", differences)}: its confidences may be wrong.");
        }

        if (lacksWords) Note("was fitted to data without words: words have no calibrated confidence.");
        if (judged.Count > 0) Note(Describe(judged));
    }

    private string Describe(List<JudgedConfidence> judged) => string.Create(
        CultureInfo.InvariantCulture,
        $"gives {judged.Count} tokens with a known truth a mean confidence of {judged.Average(one => one.Confidence):f3}; "
        + $"{judged.Average(one => one.IsRight ? 1.0 : 0):f3} have both edges within {calibration.Setting.ToleranceText}; expected calibration error "
        + $"{Reliability.Measure(judged).ExpectedCalibrationError:f3}");

    private void Note(string sentence) => Console.Error.WriteLine($"ctc: {Printable.Line(file)} {sentence}");
}
