using System.ComponentModel.DataAnnotations;
using Ctc;

namespace ClassRarity;

/// <summary>Options of <c>class-rarity</c>.</summary>
public sealed record ClassRarityOptions
{
    /// <summary>Gets the exponent of the inverse count of a token.</summary>
    /// <value>Unitless, 0 to 2; the default is 0.5. 0 weights all equally, 1 by the inverse of a token's frequency.</value>
    [Range(0.0, 2.0)]
    public double Power { get; init; } = 0.5;
}

/// <summary>Weights an utterance by the mean of count^−power over the tokens of its target, scaled to mean 1 over the training set.</summary>
[Part(
    "class-rarity",
    typeof(ClassRarityOptions),
    Summary = "Weights utterances by the rarity of their tokens in the training set.",
    Formula = "w = (1/U) Σ_u count(target_u)^−power / its mean over the training set",
    Paper = "Inverse class frequency, as in Cui et al., Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019",
    Neutral = "power: 0")]
internal sealed class ClassRarity(ClassRarityOptions options) : ILossWeighting, ITrainingObserver
{
    private double[] rarity = []; // of each token
    private double mean = 1;

    public void Begin(TrainingSet training)
    {
        var counts = new long[training.Vocabulary.Size];
        foreach (long token in training.Targets.SelectMany(target => target)) counts[token]++;
        rarity = [.. counts.Select(count => Math.Pow(Math.Max(count, 1), -options.Power))]; // unseen tokens count as seen once
        double[] weights = [.. training.Targets.Where(target => target.Length > 0).Select(Mean)];
        mean = weights.Length == 0 ? 1 : weights.Average();
    }

    public Tensor Weigh(Evaluation evaluation) =>
        torch.tensor([.. FindWeights(evaluation.Batch)], evaluation.Loss.dtype, evaluation.Loss.device);

    // Before a training set is known, and for an empty target, the weight is 1.
    public IReadOnlyList<double> FindWeights(Batch batch) =>
        [.. batch.Targets.Select(target => rarity.Length == 0 || target.Length == 0 ? 1 : Mean(target) / mean)];

    private double Mean(long[] target) => target.Average(token => rarity[token]);
}
