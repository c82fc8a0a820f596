using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Transforms;

/// <summary>The data of an experiment: that of its source, transformed.</summary>
public static class ExperimentData
{
    /// <summary>Loads the utterances, applies the transforms in the order of the file, and takes the set to which a model is fitted.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="source">Its data source; by default a new one.</param>
    /// <returns>Three sets with at least one utterance each.</returns>
    /// <exception cref="InvalidDataException">The data cannot be read or does not fit a transform, or a set is empty.</exception>
    public static Dataset Load(Experiment experiment, IDataSource? source = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        Dataset data = (source ?? experiment.Data.Create<IDataSource>()).Load();
        RefuseEmpty(Used(), after: "");
        foreach (PartChoice transform in experiment.Transforms)
        {
            data = transform.Create<IDataTransform>().Transform(data, experiment.Seed);
            RefuseEmpty(Used(), $" after the transform {transform.Factory.Metadata.Name}");
        }

        return Used();

        Dataset Used() => experiment.Train.FitTo is { } set ? Fitted(data, set) : data;
    }

    private static Dataset Fitted(Dataset data, FittedSet to)
    {
        IReadOnlyList<Utterance> set = to switch
        {
            FittedSet.Train => data.Train,
            FittedSet.Dev => data.Dev,
            FittedSet.Test => data.Test,
            _ => [.. data.Train, .. data.Dev, .. data.Test],
        };
        return new Dataset(data.Alphabet, data.FeatureSize, set, set, set) { FrameMilliseconds = data.FrameMilliseconds };
    }

    private static void RefuseEmpty(Dataset data, string after)
    {
        foreach ((string name, IReadOnlyList<Utterance> set) in new[] { ("training", data.Train), ("dev", data.Dev), ("test", data.Test) })
        {
            if (set.Count == 0) throw new InvalidDataException($"The {name} set is empty{after}; expected at least one utterance.");
        }
    }
}
