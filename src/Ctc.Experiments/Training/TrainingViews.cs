using Ctc.Configuration.Schema;
using Ctc.Experiments.Transforms;

namespace Ctc.Experiments.Training;

/// <summary>Training utterances as the network reads them: after the augmentations, in each view.</summary>
/// <param name="Id">The name of the utterance.</param>
/// <param name="Target">The target as text.</param>
/// <param name="Whole">The features before the augmentations.</param>
/// <param name="Views">The features of each view.</param>
public sealed record TrainingViews(string Id, string Target, Features Whole, IReadOnlyList<Features> Views)
{
    /// <summary>Draws the views of the first training utterances. No network is built.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="count">The number of utterances.</param>
    /// <param name="epoch">From 1.</param>
    /// <returns>At most this many utterances, in the order of the set.</returns>
    /// <exception cref="InvalidDataException">The data cannot be read.</exception>
    /// <exception cref="TrainingException">An augmentation returns features that do not fit.</exception>
    public static IReadOnlyList<TrainingViews> Draw(Experiment experiment, int count, int epoch)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var source = experiment.Data.Create<IDataSource>();
        Dataset data = ExperimentData.Load(experiment, source);
        var chain = new AugmentationChain(experiment.Train.Chosen.At<IAugmentation>(), experiment.Seed);
        Utterance[] first = [.. data.Train.Take(count)];
        var course = new TrainingCourse(experiment.Train.Epochs, EpochOrder.Count(data.Train.Count, experiment.Train));
        var progress = new Progress((long)course.StepsInEpoch * (epoch - 1), epoch - 1, Training: true) { Course = course };
        IReadOnlyList<Utterance> rows = chain.Apply(first, experiment.Train.Views, data.FeatureSize, progress);
        Features Of(Utterance utterance) => new(utterance.ReadFeatures(), utterance.Frames, data.FeatureSize);
        return
        [
            .. first.Select((utterance, b) => new TrainingViews(
                utterance.Id,
                source.ToText([.. utterance.Target.Select(token => data.Alphabet[token])]),
                Of(utterance),
                [.. Enumerable.Range(0, experiment.Train.Views).Select(view => Of(rows[(view * first.Length) + b]))])),
        ];
    }
}
