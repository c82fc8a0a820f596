using System.ComponentModel.DataAnnotations;
using Ctc;

namespace LabelPrior;

/// <summary>Options of <c>label-prior</c>.</summary>
public sealed record LabelPriorOptions : IValidatableObject
{
    /// <summary>Gets the factor of the log-prior that is subtracted from the scores.</summary>
    /// <value>Unitless, 0 to 2; the default is 0.3. 0 is plain CTC. The paper's α.</value>
    [Range(0.0, 2.0)]
    public Schedule Scale { get; init; } = 0.3;

    /// <summary>Gets a fixed prior.</summary>
    /// <value>V probabilities above 0, the blank included; by default none: the prior is the model's mean posterior.</value>
    public IReadOnlyList<double>? Prior { get; init; }

    /// <summary>Gets the weight of what was before in a running mean, to which each step of training adds the mean posterior of its batch.</summary>
    /// <value>0 to 1; the mean begins uniform. By default none: the prior is the mean of the last epoch.</value>
    [Range(0.0, 1.0)]
    public double? Decay { get; init; }

    /// <summary>Rejects a prior that is not a distribution, and one beside a running mean.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prior is null) yield break;
        if (Decay is not null) yield return new ValidationResult("expected no prior beside it, which is fixed", [nameof(Decay)]);
        string? fault = Prior.Any(share => share is not > 0) ? "prior has a share that is not above 0; expected positive shares"
            : Math.Abs(Prior.Sum() - 1) > 1e-6 ? FormattableString.Invariant($"prior adds up to {Prior.Sum()}; expected 1")
            : null;
        if (fault is not null) yield return new ValidationResult(fault, [nameof(Prior)]);
    }
}

/// <summary>Subtracts the model's log-prior from the scores, so that the frequent blank is not preferred: y' = y − α·ln prior.</summary>
[Part(
    "label-prior",
    typeof(LabelPriorOptions),
    Summary = "Subtracts the logarithm of the model's mean posterior of the last epoch from the scores, which makes alignments less peaky.",
    Formula = "y' = y − α ln prior",
    Paper = "Huang et al., Less Peaky and More Accurate CTC Forced Alignment by Label Priors, ICASSP 2024, arXiv 2406.02560",
    Neutral = "scale: 0")]
internal sealed class LabelPrior(LabelPriorOptions options) : torch.nn.Module("label-prior"), IEmissionTransform, ITrainingObserver
{
    private Tensor? sum; // [V] over the frames of the epoch
    private double frames;

    public Tensor Transform(Tensor scores, Batch batch)
    {
        double scale = options.Scale.At(batch.Progress);
        if (scale == 0 || Prior(batch.Tokens) is not { } prior) return scores;
        using Scalar factor = scale;
        return scores - (prior.log().to(scores.dtype, scores.device) * factor);
    }

    // The logarithm of ones is 0: during the first epoch nothing is subtracted. A uniform prior takes the same from all tokens.
    public void Begin(TrainingSet training)
    {
        if (options.Prior is not null) return;
        using Scalar share = options.Decay is null ? 1.0 : 1.0 / training.Vocabulary.Size;
        register_buffer("prior", torch.full([training.Vocabulary.Size], share, torch.float64));
    }

    public void Observe(Evaluation evaluation)
    {
        if (options.Prior is not null) return;
        Tensor posteriors = torch.where(evaluation.Mask.unsqueeze(2), evaluation.LogProbs.exp(), torch.zeros_like(evaluation.LogProbs)); // [T, B, V]
        Tensor total = posteriors.to(torch.float64).sum([0, 1]);
        if (options.Decay is { } decay)
        {
            Average(total, evaluation.Batch.Frames.Sum(), decay);
            return;
        }

        Tensor before = sum ?? torch.zeros_like(total);
        sum = before.add(total, One).DetachFromDisposeScope();
        before.Dispose();
        frames += evaluation.Batch.Frames.Sum();
    }

    private void Average(Tensor total, long count, double decay)
    {
        if (count == 0) return;
        using Scalar kept = decay, added = (1 - decay) / count;
        Tensor prior = get_buffer("prior")!;
        prior.copy_((prior * kept).add(total.to(prior.device) * added, One).clamp(min: Smallest));
    }

    public void EndEpoch()
    {
        if (sum is null || frames == 0) return;
        using Scalar count = frames;
        using (torch.no_grad()) get_buffer("prior")!.copy_((sum / count).clamp(min: Smallest));
        sum.Dispose();
        (sum, frames) = (null, 0);
    }

    // A lower bound of the prior: with a prior of 0, a token that the model never emits would have an infinite score.
    private static readonly Scalar Smallest = 1e-8, One = 1L;

    private Tensor? Prior(long tokens)
    {
        if (options.Prior is null) return get_buffer("prior");
        if (options.Prior.Count != tokens)
        {
            throw new ArgumentException($"The option prior of label-prior has {options.Prior.Count} shares; expected {tokens}, one for each token.");
        }

        return torch.tensor([.. options.Prior]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) sum?.Dispose();
        base.Dispose(disposing);
    }
}
