namespace Ctc.Experiments.Pictures;

/// <summary>The input of <see cref="AlignmentPicture"/>: one utterance and the output of a model for it.</summary>
/// <param name="Utterance">Its features, target and, where known, true spans.</param>
/// <param name="Alphabet">V tokens, counting the blank.</param>
/// <param name="Posteriors">[T, V] probabilities. T may be smaller than the utterance's frames: a model may join some.</param>
/// <param name="Occupancy">[T, V] the share γ of each token in each frame, given the target; null if the target does not fit.</param>
/// <param name="ViterbiPath">[T] the token of each frame on the best path of the target; null if the target does not fit.</param>
/// <param name="Read">The text that the model decodes.</param>
public sealed record AlignmentDrawing(
    Utterance Utterance,
    Alphabet Alphabet,
    float[,] Posteriors,
    float[,]? Occupancy,
    long[]? ViterbiPath,
    string Read)
{
    /// <summary>Gets how long a frame of the utterance lasts, in milliseconds; null, the default, labels the axis with frames.</summary>
    public double? FrameMilliseconds { get; init; }

    /// <summary>Gets whether there is a target to compare with. An empty one counts only if it was aligned: a new input has none.</summary>
    internal bool HasTarget => Utterance.Target.Length > 0 || Occupancy is not null || ViterbiPath is not null;

    /// <summary>Gets T, the frames of the model.</summary>
    internal int Frames => Posteriors.GetLength(0);

    /// <summary>Gets how many frames of the utterance one of the model's covers.</summary>
    internal double Stride => Frames == 0 ? 1 : Math.Max(1, Math.Round((double)Utterance.Frames / Frames));
}
