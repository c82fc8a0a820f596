using System.Globalization;
using System.Text.Json.Serialization;
using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Calibrations;

/// <summary>What a calibration was fitted to.</summary>
/// <param name="Run">The identity of the run whose alignments they were.</param>
/// <param name="Data">The set or the manifest.</param>
/// <param name="Utterances">The number of utterances.</param>
/// <param name="TokenCount">The number of tokens.</param>
/// <param name="WordCount">The number of words.</param>
/// <param name="Edges">Where tokens begin and end.</param>
/// <param name="Tolerance">The largest error of an edge that is right: in milliseconds, or in input frames if these have no duration.</param>
/// <param name="FrameSeconds">The seconds from one frame of the output to the next; null if they have no duration.</param>
public sealed record CalibrationSetting(
    string Run, string Data, int Utterances, int TokenCount, int WordCount, EdgeKind Edges, double Tolerance, double? FrameSeconds)
{
    private const double MostOfFrame = 0.1; // Lengths in whole frames are rounded.

    /// <summary>Gets the tolerance in words.</summary>
    [JsonIgnore]
    public string ToleranceText => string.Create(CultureInfo.InvariantCulture, $"{Tolerance} {(FrameSeconds is null ? "input frames" : "ms")}");

    /// <summary>Returns in what it differs from alignments to which the calibration is applied.</summary>
    /// <param name="run">The identity of their run; null if there is none.</param>
    /// <param name="edges">Where their tokens begin and end.</param>
    /// <param name="frameSeconds">The seconds from one frame to the next; null if unknown.</param>
    /// <param name="tolerance">The tolerance that is meant; null for that of the calibration.</param>
    /// <returns>Phrases; none if they are alike.</returns>
    public IEnumerable<string> DifferencesFrom(string? run, EdgeKind edges, double? frameSeconds, double? tolerance = null)
    {
        if (run is not null && run != Run) yield return $"the run {Run}, not {run}";
        CalibrationSetting other = this with { Tolerance = tolerance ?? Tolerance };
        if (other.Tolerance != Tolerance) yield return $"the tolerance {ToleranceText}, not {other.ToleranceText}";
        if (edges != Edges) yield return $"edges {Name(Edges)}, not {Name(edges)}";
        bool areAlike = (FrameSeconds, frameSeconds) is (null, null)
            || Math.Abs((FrameSeconds - frameSeconds) ?? double.PositiveInfinity) <= MostOfFrame * FrameSeconds;
        if (!areAlike) yield return $"frames of {Duration(FrameSeconds)}, not of {Duration(frameSeconds)}";
    }

    /// <summary>Returns the mean seconds from one frame to the next; null if there are none, or some have no duration.</summary>
    /// <param name="utterances">The frames of each utterance, and the seconds of one.</param>
    public static double? MeanFrame(IReadOnlyCollection<(long Frames, double? Seconds)> utterances) =>
        utterances.Count > 0 && utterances.All(one => one.Seconds is not null)
            ? utterances.Sum(one => one.Frames * one.Seconds!.Value) / utterances.Sum(one => one.Frames)
            : null;

    private static string Name(EdgeKind edges) => edges.ToString().ToLowerInvariant();

    private static string Duration(double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{1000 * known:0.#} ms") : "unknown duration";
}
