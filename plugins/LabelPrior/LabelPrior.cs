using Ctc;

namespace LabelPrior;

/// <summary>Takes the model's own habit out of the scores, so that it is not rewarded for saying blank wherever it can: y' = y − α·ln prior.</summary>
[Part(
    "label-prior",
    typeof(LabelPriorOptions),
    Summary = "Takes the model's mean posterior of the last epoch out of the scores, which makes alignments less peaky.",
    Formula = "y' = y − α ln prior",
    Paper = "Huang et al., Less Peaky and More Accurate CTC Forced Alignment by Label Priors, ICASSP 2024, arXiv 2406.02560",
    Neutral = "scale: 0")]
internal sealed class LabelPrior(LabelPriorOptions options) : torch.nn.Module("label-prior"), IEmissionTransform, ITrainingObserver
{
    private Tensor? sum;
    private double frames;

    public Tensor Transform(Tensor scores, Batch batch)
    {
        double scale = options.Scale.At(batch.Progress);
        if (scale == 0 || Prior(batch.Tokens) is not { } prior) return scores;
        return scores - (prior.log().to(scores.dtype, scores.device) * scale);
    }

    // The logarithm of ones is 0: until the first epoch has ended, nothing is taken out.
    public void Begin(IReadOnlyList<long[]> targets, long tokens)
    {
        if (options.Prior is null) register_buffer("prior", torch.ones(tokens, torch.float64));
    }

    public void Observe(Evaluation evaluation)
    {
        if (options.Prior is not null) return;
        Tensor posteriors = torch.where(evaluation.Mask.unsqueeze(2), evaluation.LogProbs.exp(), torch.zeros_like(evaluation.LogProbs)); // [T, B, V]
        Tensor total = posteriors.to(torch.float64).sum([0, 1]);
        Tensor before = sum ?? torch.zeros_like(total);
        sum = (before + total).DetachFromDisposeScope();
        before.Dispose();
        frames += evaluation.Batch.Frames.Sum();
    }

    public void EndEpoch()
    {
        if (sum is null || frames == 0) return;
        using (torch.no_grad()) get_buffer("prior")!.copy_((sum / frames).clamp(min: Smallest));
        sum.Dispose();
        (sum, frames) = (null, 0);
    }

    // A token that the model never says has a prior of this, not of 0, whose logarithm would make it infinitely attractive.
    private const double Smallest = 1e-8;

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
