using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Transforms;

/// <summary>The share of the labels that are taken away.</summary>
public sealed record PartialLabelsOptions
{
    /// <summary>Gets the probability with which each label is taken away.</summary>
    /// <value>0 to 1; the default is 0.4. At 0 the targets are complete.</value>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.4;

    /// <summary>Gets whether labels of the dev set are taken away too. Those of the test set never are.</summary>
    /// <value>The default is false.</value>
    public bool Dev { get; init; }
}

/// <summary>Takes labels away from the training targets, as from transcripts that are incomplete. Graphs of utterances are dropped.</summary>
/// <remarks>Which labels is a function of the seed and the utterance's id: a larger share takes away the same labels and more.</remarks>
[Part("partial-labels", typeof(PartialLabelsOptions),
    Summary = "Takes each label of the training targets away with a probability.",
    Paper = "Pratap, Hannun, Synnaeve and Collobert, Star temporal classification, NeurIPS 2022")]
internal sealed class PartialLabels(PartialLabelsOptions options) : IDataTransform
{
    /// <inheritdoc/>
    public Dataset Transform(Dataset data, long seed)
    {
        return data.With(Partial(data.Train), options.Dev ? Partial(data.Dev) : null);

        Utterance[] Partial(IReadOnlyList<Utterance> set) => [.. set.Select(utterance => Keep(utterance, seed))];
    }

    private Utterance Keep(Utterance utterance, long seed)
    {
        var random = SplitMix64.For((ulong)seed, "partial-labels", utterance.Id);
        bool[] keeps = [.. utterance.Target.Select(_ => random.Unit() >= options.Share)];
        return utterance.WithTarget(Kept(utterance.Target), utterance.Spans is { } spans ? Kept(spans) : null);

        T[] Kept<T>(IEnumerable<T> items) => [.. items.Where((_, u) => keeps[u])];
    }
}
