using System.Text.Json;
using System.Text.Json.Serialization;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Training;

/// <summary>One epoch: a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">
/// The mean of the objective over the utterances, tokens or frames that its reduction counts; over the steps for a sum. What is dropped does not
/// enter; NaN if everything was.
/// </param>
/// <param name="DevLoss">The dev set's <see cref="Measurement.Loss"/>, in nats: a function of the model and the topology.</param>
/// <param name="DevTokenErrorRate">Edits per token of the dev set.</param>
/// <param name="GradientNorm">The mean over the steps with an utterance to learn from, before clipping.</param>
/// <param name="Infeasible">Training utterances that had no alignment.</param>
/// <param name="Seconds">The duration of the epoch, dev included.</param>
public sealed record EpochMetrics(
    int Epoch,
    double TrainLoss,
    double DevLoss,
    double DevTokenErrorRate,
    double GradientNorm,
    int Infeasible,
    double Seconds)
{
    /// <summary>Gets <see cref="Measurement.Metrics"/> of the dev set.</summary>
    /// <value>Null if they are the default ones.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, MetricValue>? DevMetrics { get; init; }

    /// <summary>Gets the value of the metric by which epochs are compared, on the dev set: the first one.</summary>
    [JsonIgnore]
    public MetricValue Criterion =>
        DevMetrics is { Count: > 0 } metrics ? metrics.GetAt(0).Value : MetricValue.TokenErrorRate(DevTokenErrorRate).Value;

    /// <summary>Gets the learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Gets the share of the dev set's output frames in which the blank is the most probable token; NaN without a blank.</summary>
    public double BlankShare { get; init; } = double.NaN;

    /// <summary>Gets the mean entropy of the model's posterior over the dev set's output frames, in nats.</summary>
    public double PosteriorEntropy { get; init; } = double.NaN;

    /// <summary>Gets the entropy of the alignments of the dev set's feasible utterances, all together, per output frame of theirs, in nats.</summary>
    public double AlignmentEntropy { get; init; } = double.NaN;

    /// <summary>
    /// Gets the mean time from a symbol's true start to its first frame on the best alignment of the dev set, in output frames; NaN if no truth is
    /// known.
    /// </summary>
    public double SymbolDelay { get; init; } = double.NaN;

    /// <summary>
    /// Gets the share of the time of the training steps that went into the objective: from the logits to the loss and back to their gradient.
    /// </summary>
    public double LossShare { get; init; } = double.NaN;

    /// <summary>Gets the mean duration of a training step, in seconds.</summary>
    public double StepSeconds { get; init; } = double.NaN;

    /// <summary>Gets the output frames of the network for each token of the training targets.</summary>
    /// <value>NaN where several tokens can share a frame.</value>
    public double FramesPerToken { get; init; } = double.NaN;

    /// <summary>Gets a few words on frames per token far from what learns, while the dev set's token error rate is 50 % or more.</summary>
    /// <value>Null if there is nothing to say.</value>
    [JsonIgnore]
    public string? FramesConcern => Training.FramesPerToken.FindConcern(this);

    /// <summary>Gets the training loss of each head by its name, without its weight: the mean as in <see cref="TrainLoss"/>.</summary>
    /// <value>Null, the default, without heads.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, double>? HeadLosses { get; init; }

    /// <summary>Gets what epochs are compared by: <see cref="Criterion"/>, then the dev set's loss.</summary>
    internal DevResult Result => new(Criterion.Rank, double.IsNaN(DevLoss) ? double.PositiveInfinity : DevLoss);

    /// <summary>Reads the epochs of a run.</summary>
    /// <param name="path">A file of one epoch a line; none at all is a run without epochs.</param>
    /// <returns>In order.</returns>
    /// <exception cref="RunFolderException">A line is no epoch.</exception>
    public static IReadOnlyList<EpochMetrics> LoadAll(string path)
    {
        if (!File.Exists(path)) return [];
        string[] lines = File.ReadAllLines(path);
        return [.. lines.Select((text, line) => RunJson.Parse<EpochMetrics>(text, $"{path}, line {line + 1}", "the numbers of an epoch"))];
    }

    /// <summary>Writes the epochs of a run, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="epochs">All epochs, in order.</param>
    public static void Write(string path, IEnumerable<EpochMetrics> epochs) =>
        WholeFile.Write(path, string.Concat(epochs.Select(epoch => JsonSerializer.Serialize(epoch, RunJson.Line) + "\n")));
}
