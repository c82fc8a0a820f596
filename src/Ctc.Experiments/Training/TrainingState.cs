using System.Text.Json.Serialization;

namespace Ctc.Experiments.Training;

/// <summary>Where training stands after an epoch, and what a model was made for.</summary>
/// <param name="Identity">Of the run: another run's checkpoint is no use.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Epochs">The epochs done.</param>
/// <param name="FeatureSize">The numbers in an input frame.</param>
/// <param name="Symbols">The alphabet without the blank.</param>
internal sealed record TrainingState(string Identity, long Step, IReadOnlyList<EpochMetrics> Epochs, int FeatureSize, IReadOnlyList<string> Symbols)
{
    /// <summary>Gets how many epochs are done.</summary>
    [JsonIgnore]
    public int Epoch => Epochs.Count;

    /// <summary>Gets the best epoch by the dev set: the lowest token error rate, of those the lowest loss, of those the first.</summary>
    [JsonIgnore]
    public EpochMetrics? Best => Epochs.MinBy(epoch => epoch.Rank);

    /// <summary>Gets how long the best model was trained, at least one epoch being done.</summary>
    [JsonIgnore]
    public Progress BestProgress => new(Step / Epoch * Best!.Epoch, Best.Epoch, Training: false);
}
