using System.ComponentModel.DataAnnotations;
using Ctc;

namespace EntropyCtc;

/// <summary>Options of <c>entropy</c>.</summary>
public sealed record EntropyOptions
{
    /// <summary>Gets the share of the term in the loss; the likelihood keeps 1 − β.</summary>
    /// <value>Unitless, 0 to 1; the default is 0.1, the paper's. 0 is plain CTC.</value>
    [Range(0.0, 1.0)]
    public Schedule Beta { get; init; } = 0.1;
}

/// <summary>EnCTC: rewards a high entropy over the alignments of a target, (1 − β)L − βH.</summary>
[Part(
    "entropy",
    typeof(EntropyOptions),
    Summary = "Rewards a high entropy of the alignment, against peaky outputs.",
    Formula = "(1 − β)L − βH,  H = −Σ_π P(π) ln P(π) over the paths of the target",
    Paper = "Liu, Jin and Zhang, Connectionist Temporal Classification with Maximum Entropy Regularization, NeurIPS 2018",
    Neutral = "beta: 0",
    Needs = Needs.Entropy)]
internal sealed class Entropy(EntropyOptions options) : IAuxiliaryTerm
{
    public double BaseShare(Progress progress) => 1 - options.Beta.At(progress);

    public Tensor Evaluate(Evaluation evaluation)
    {
        using Scalar factor = -options.Beta.At(evaluation.Batch.Progress);
        return evaluation.Entropy * factor;
    }
}
