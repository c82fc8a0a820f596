using System.ComponentModel.DataAnnotations;
using Ctc;

namespace ReweightedCtc;

/// <summary>Options of <c>reweighting</c>.</summary>
public sealed record ReweightingOptions
{
    /// <summary>Gets the share of each frame's target that should go to tokens other than the blank. Used by the form fitting only.</summary>
    /// <value>Unitless, between 0 and 1, or none; the default is 0.5, as in the authors' example. none keeps the shares.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? Balance { get; init; } = 0.5;

    /// <summary>Gets the exponent of the distance from the target in the weight of a frame.</summary>
    /// <value>Unitless, 0 to 10; the default is 1, as in the authors' example. 0 weights all frames equally.</value>
    [Range(0.0, 10.0)]
    public Schedule KeyFrames { get; init; } = 1;

    /// <summary>Gets the version of the method.</summary>
    /// <value>The default is fitting.</value>
    public Form Form { get; init; } = Form.Fitting;
}

/// <summary>The versions of Li and Wang's re-weighting.</summary>
public enum Form
{
    /// <summary>The second version: balanced classes and weighted key frames, two independent options.</summary>
    Fitting,

    /// <summary>The first version, by class: γ' = |p − γ|^g · γ, not renormalised.</summary>
    FocalClass,

    /// <summary>The first version, by frame: ω_t = Σ_v |p − γ|^g / V, the paper's factor V divided out so that g = 0 is plain CTC.</summary>
    FocalFrame,
}


/// <summary>
/// Re-weights the targets of CTC: the shares of the tokens over the batch, and the frames by the distance of the model from its target.
/// </summary>
[Part(
    "reweighting",
    typeof(ReweightingOptions),
    Summary = "Balances the tokens over the batch and raises the weight of frames that are far from their target.",
    Formula = "γ' = wγ / Σ_v wγ,  ω_t = N m_t^g / Σ_t m_t^g,  m_t = max_v (γ' − p)₊",
    Paper = "Li and Wang, Reinterpreting CTC Training as Iterative Fitting, Pattern Recognition 105, 2020, arXiv 1904.10619",
    Neutral = "balance: none, key-frames: 0",
    Needs = Needs.BatchStatistics)]
internal sealed class Reweighting(ReweightingOptions options) : ITargetTransform
{
    private static readonly Scalar Zero = 0;

    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) => options.Form switch
    {
        Form.FocalClass => targets.WithShares(Miss(targets, evaluation) * targets.Shares),
        Form.FocalFrame => targets.WithWeights(targets.Weights * Miss(targets, evaluation).mean([2])),
        _ => StressKeyFrames(options.Balance is { } balance ? Balance(targets, evaluation, balance) : targets, evaluation),
    };

    // |p − γ|^g
    private Tensor Miss(FrameTargets targets, Evaluation evaluation)
    {
        using Scalar g = KeyFrames(evaluation);
        return (evaluation.LogProbs.exp() - targets.Shares).abs().pow(g);
    }

    private double KeyFrames(Evaluation evaluation) => options.KeyFrames.At(evaluation.Batch.Progress);

    // w_c = n_c / A_c, w_blank = (Σ n_c)(1 − α)/α / A_blank: over the batch, the mass of each token is the number of its occurrences.
    private static FrameTargets Balance(FrameTargets targets, Evaluation evaluation, double balance)
    {
        // In double precision: the mass of a token over a batch may underflow in single precision.
        Tensor shares = targets.Shares.to(torch.float64);
        Tensor wanted = torch.tensor(Occurrences(evaluation, balance), shares.dtype, shares.device); // [V]
        Tensor mass = shares.sum([0, 1]); // A, [V]
        Tensor weight = torch.where(mass > Zero, wanted / mass, torch.zeros_like(mass));
        Tensor weighed = shares * weight;
        Tensor total = weighed.sum(2, keepdim: true);
        return targets.WithShares(torch.where(total > Zero, weighed / total, shares).to(targets.Shares.dtype));
    }

    private static double[] Occurrences(Evaluation evaluation, double balance)
    {
        Batch batch = evaluation.Batch;
        bool[] feasible = evaluation.Feasible.cpu().data<bool>().ToArray();
        var counts = new double[batch.Tokens];
        foreach (long token in batch.Targets.Where((_, b) => feasible[b]).SelectMany(target => target)) counts[token]++;
        if (batch.Blank is { } blank) counts[blank] = counts.Sum() * (1 - balance) / balance;
        return counts;
    }

    private FrameTargets StressKeyFrames(FrameTargets targets, Evaluation evaluation)
    {
        double keyFrames = KeyFrames(evaluation);
        if (keyFrames == 0 || targets.Weights.shape[0] == 0) return targets;

        Tensor miss = (targets.Shares - evaluation.LogProbs.exp()).amax([2]).clamp(min: Zero); // m, [T, B]
        miss = torch.where(evaluation.Mask, miss, torch.zeros_like(miss));
        Tensor largest = miss.amax([0], keepdim: true); // divided out, so that its powers do not underflow
        using Scalar g = keyFrames;
        Tensor stress = torch.where(largest > Zero, miss / largest, miss).pow(g);
        Tensor total = stress.sum([0]); // [B]
        Tensor frames = evaluation.Mask.sum([0]);
        return targets.WithWeights(targets.Weights * torch.where(total > Zero, stress * frames / total, torch.ones_like(stress)));
    }
}
