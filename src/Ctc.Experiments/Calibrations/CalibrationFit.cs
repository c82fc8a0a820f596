using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Calibrations;

/// <summary>A calibration, and how calibrated it is on what it was not fitted to.</summary>
/// <param name="Calibration">Fitted to all utterances.</param>
/// <param name="Tokens">The cross-fit of tokens.</param>
/// <param name="Words">The cross-fit of words; null if there are none.</param>
public sealed record CalibrationFit(Calibration Calibration, CrossFit Tokens, CrossFit? Words)
{
    /// <summary>Fits a calibration to alignments with known true edges.</summary>
    /// <param name="aligned">The alignments; those without a path or a known truth are left out.</param>
    /// <param name="run">The identity of the run.</param>
    /// <param name="data">The set or the manifest.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="tolerance">The largest error of an edge that is right, in the unit of the boundary errors.</param>
    /// <exception cref="InvalidDataException">There is no token with a confidence and true edges.</exception>
    public static CalibrationFit From(IEnumerable<AlignedUtterance> aligned, string run, string data, EdgeKind edges, double tolerance)
    {
        AlignedUtterance[] judged = [.. aligned.Where(one => one is { Tokens: not null, BoundaryErrors: not null })];
        JudgedPart[][] tokens = Known(JudgedPart.TokensOf), words = Known(JudgedPart.WordsOf);
        ConfidenceMap ofTokens = ConfidenceMap.Fit([.. tokens.SelectMany(own => own)]) ?? throw new InvalidDataException(
            $"{data} has no token with a confidence and a known true position; expected data with times, and a topology that is no transducer.");
        ConfidenceMap? ofWords = ConfidenceMap.Fit([.. words.SelectMany(own => own)]);
        double? frame = CalibrationSetting.MeanFrame([.. judged.Select(one => (one.Frames, one.FrameSeconds))]);
        var setting = new CalibrationSetting(
            run, data, judged.Length, tokens.Sum(own => own.Length), words.Sum(own => own.Length), edges, tolerance, frame);
        return new CalibrationFit(
            new Calibration(ofTokens, ofWords, setting),
            CrossFit.Measure(tokens, ofTokens),
            ofWords is null ? null : CrossFit.Measure(words, ofWords));

        JudgedPart[][] Known(Func<AlignedUtterance, double, IEnumerable<JudgedPart>> parts) =>
            [.. judged.Select(one => parts(one, tolerance).Where(part => part.Part is { Occupancy: not null, Posterior: not null }).ToArray())];
    }
}
