using System.Text.Json.Serialization;

namespace Ctc.Experiments.Training;

/// <summary>The state of a training after an epoch, and the shape of its data.</summary>
/// <param name="Identity">The identity of the run, because another run's checkpoint does not fit.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Epochs">The epochs done.</param>
/// <param name="FeatureSize">The numbers in an input frame.</param>
/// <param name="Symbols">The alphabet without the blank.</param>
internal sealed record TrainingState(string Identity, long Step, IReadOnlyList<EpochMetrics> Epochs, int FeatureSize, IReadOnlyList<string> Symbols)
{
    /// <summary>Gets the tokens that the topology added to the vocabulary.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Gets the tokens that the network scores.</summary>
    [JsonIgnore]
    public Vocabulary Vocabulary => new Vocabulary(new Alphabet(Symbols)).WithAdded(Added);

    /// <summary>Gets the number of finished epochs.</summary>
    [JsonIgnore]
    public int Epoch => Epochs.Count;

    /// <summary>Gets the best epoch by the dev set: by the experiment's criterion, of equal ones the lowest loss, of those the first.</summary>
    [JsonIgnore]
    public EpochMetrics? Best => Epochs.MinBy(epoch => epoch.Result);

    /// <summary>The training as it is while an epoch is trained and measured.</summary>
    /// <param name="epochs">The epochs of the experiment.</param>
    /// <param name="stepsInEpoch">Steps.</param>
    /// <param name="done">The epochs before it.</param>
    public TrainingCourse CourseAfter(int done, int epochs, int stepsInEpoch) =>
        new(epochs, stepsInEpoch) { Results = [.. Epochs.Take(done).Select(epoch => epoch.Result)] };

    /// <summary>The progress of the best model, as it was measured; at least one epoch must be done.</summary>
    /// <param name="epochs">The epochs of the experiment.</param>
    public Progress BestProgress(int epochs)
    {
        (int best, int stepsInEpoch) = (Best!.Epoch, (int)(Step / Epoch));
        return new((long)stepsInEpoch * best, best, Training: false) { Course = CourseAfter(best - 1, epochs, stepsInEpoch) };
    }
}
