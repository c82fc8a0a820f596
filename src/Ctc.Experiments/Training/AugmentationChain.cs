using Ctc.Configuration.Binding;

namespace Ctc.Experiments.Training;

/// <summary>The augmentations of a training, one after the other, on each view of each utterance.</summary>
/// <remarks>
/// What is drawn is a function of seed, epoch, utterance, view and the place of the augmentation: its name, and its number among those of that name.
/// So neither a resumption, nor the batch, nor another augmentation changes it.
/// </remarks>
internal sealed class AugmentationChain
{
    private readonly (string Place, IAugmentation Part)[] links;
    private readonly long seed;

    /// <summary>Creates the augmentations.</summary>
    /// <param name="chosen">In the order in which they apply.</param>
    /// <param name="seed">The seed of the run.</param>
    public AugmentationChain(IReadOnlyList<PartChoice> chosen, long seed)
    {
        string[] names = [.. chosen.Select(part => part.Factory.Metadata.Name)];
        links = [.. chosen.Select((part, i) =>
            ($"{names[i]}#{names.Take(i).Count(name => name == names[i]) + 1}", part.Create<IAugmentation>()))];
        this.seed = seed;
    }

    /// <summary>Augments the views of utterances.</summary>
    /// <param name="utterances">B utterances.</param>
    /// <param name="views">1 or 2.</param>
    /// <param name="featureSize">The number of features per frame.</param>
    /// <param name="progress">The progress of training.</param>
    /// <returns>B × views utterances: the first view of each, then the second of each.</returns>
    /// <exception cref="TrainingException">
    /// An augmentation changes the number of features, or gives the two views of an utterance different numbers of frames.
    /// </exception>
    public IReadOnlyList<Utterance> Apply(IReadOnlyList<Utterance> utterances, int views, int featureSize, Progress progress)
    {
        if (links.Length == 0) return views == 1 ? utterances : [.. Enumerable.Repeat(utterances, views).SelectMany(view => view)];
        Features[][] augmented = [.. utterances.Select(utterance => Apply(utterance, views, featureSize, progress))];
        return
        [
            .. from view in Enumerable.Range(0, views)
               from b in Enumerable.Range(0, utterances.Count)
               select With(utterances[b], augmented[b][view]),
        ];
    }

    private Features[] Apply(Utterance utterance, int views, int featureSize, Progress progress)
    {
        var whole = new Features(utterance.ReadFeatures(), utterance.Frames, featureSize);
        Features[] features = [.. Enumerable.Repeat(whole, views)];
        string epoch = $"{(long)progress.Epoch}";
        foreach ((string place, IAugmentation part) in links)
        {
            for (int view = 0; view < views; view++)
            {
                var random = SplitMix64.For((ulong)seed, "augment", epoch, utterance.Id, $"{(part.PerView ? view : 0)}", place);
                features[view] = part.Augment(features[view], random, progress);
                if (features[view].Size != featureSize)
                {
                    throw new TrainingException(
                        $"The augmentation {place} gives utterance {utterance.Id} {features[view].Size} features per frame; expected {featureSize}.");
                }
            }

            if (features.Select(view => view.Frames).Distinct().Count() > 1)
            {
                throw new TrainingException(
                    $"The augmentation {place} gives the views of utterance {utterance.Id} {features[0].Frames} and {features[1].Frames} frames; " +
                    "expected equal lengths. An augmentation that changes lengths declares PerView false.");
            }
        }

        return features;
    }

    private static Utterance With(Utterance utterance, Features features) =>
        new(utterance.Id, features.Values, features.Frames, utterance.Target) { Graph = utterance.Graph, Group = utterance.Group };
}
