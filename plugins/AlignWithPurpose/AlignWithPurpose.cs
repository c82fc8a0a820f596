using System.ComponentModel.DataAnnotations;
using Ctc;

namespace AlignWithPurpose;

/// <summary>Options of <c>align-with-purpose</c>.</summary>
public sealed record AlignWithPurposeOptions
{
    /// <summary>Gets the weight of the term.</summary>
    /// <value>Unitless, 0 to 1000; the default is 1. 0 is plain CTC. The paper's α.</value>
    [Range(0.0, 1000.0)]
    public Schedule Weight { get; init; } = 1;

    /// <summary>Gets the number of paths that are drawn for each utterance.</summary>
    /// <value>1 to 1000; the default is 5, as in the authors' code.</value>
    [Range(1, 1000)]
    public int Paths { get; init; } = 5;

    /// <summary>Gets by how much the shifted path should be more probable than the drawn one.</summary>
    /// <value>In nats per frame, 0 to 100; the default is 0, as in the authors' code. The paper's λ.</value>
    [Range(0.0, 100.0)]
    public double Margin { get; init; }
}

/// <summary>Prefers to each drawn path the same path emitted one frame earlier from a random frame on.</summary>
[Part(
    "align-with-purpose",
    typeof(AlignWithPurposeOptions),
    Summary = "Draws paths and prefers to each the same path one frame earlier from a random frame on; in training only.",
    Formula = "L + α/K Σ_k max(0, (ln p(π_k) − ln p(shifted π_k))/N + λ)",
    Paper = "Segev et al., Align With Purpose: Optimize Desired Properties in CTC Models with a General Plug-and-Play Framework, ICLR 2024, "
        + "arXiv 2307.01715",
    Neutral = "weight: 0",
    Detached = "the choice of the paths",
    Needs = Needs.Draws)]
internal sealed class AlignWithPurpose(AlignWithPurposeOptions options) : IAuxiliaryTerm
{
    private static readonly Scalar Zero = 0, One = 1;

    public Tensor Evaluate(Evaluation evaluation)
    {
        double weight = options.Weight.At(evaluation.Batch.Progress);
        if (weight == 0 || !evaluation.Batch.Progress.Training) return torch.zeros_like(evaluation.Loss);

        Tensor drawn = evaluation.Draw(options.Paths).Tokens.clamp(min: Zero).permute(1, 2, 0), shifted = Shift(drawn, evaluation.Batch); // [T, B, K]
        Tensor y = evaluation.LogProbs, better = y.gather(2, drawn) - y.gather(2, shifted);
        Tensor frames = evaluation.Mask.sum([0]).clamp(min: One).unsqueeze(1); // N, [B, 1]
        Tensor lead = torch.where(evaluation.Mask.unsqueeze(2), better, torch.zeros_like(better)).sum([0]) / frames; // [B, K]
        Tensor moved = (drawn != shifted).any(0);
        using Scalar margin = options.Margin, factor = weight;
        return torch.where(moved, lead.add(margin, One).clamp(min: Zero), torch.zeros_like(lead)).mean([1]) * factor;
    }

    // Leaves out one frame that repeats the frame before, or a blank at the start, and ends with a blank.
    private static Tensor Shift(Tensor drawn, Batch batch)
    {
        long blank = batch.Blank ?? throw new ArgumentException("The term align-with-purpose needs a blank, and the batch has none.");
        long[] tokens = drawn.cpu().contiguous().data<long>().ToArray();
        int size = batch.Size, paths = (int)drawn.shape[2];
        for (int b = 0; b < size; b++)
        {
            SplitMix64 random = batch.Random(b, "align-with-purpose");
            for (int k = 0; k < paths; k++)
            {
                int At(int t) => (((t * size) + b) * paths) + k;
                int frames = (int)batch.Frames[b];
                int[] left = [.. Enumerable.Range(0, frames).Where(t => tokens[At(t)] == (t == 0 ? blank : tokens[At(t - 1)]))];
                if (left.Length == 0) continue;
                for (int t = left[random.Below(left.Length)]; t < frames; t++) tokens[At(t)] = t + 1 < frames ? tokens[At(t + 1)] : blank;
            }
        }

        return torch.tensor(tokens, drawn.shape, device: drawn.device);
    }
}
