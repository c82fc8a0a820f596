using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Morse;

/// <summary>Options of the loss weighting <c>short-first</c>.</summary>
public sealed record ShortFirstOptions
{
    /// <summary>Gets the decay of the weight with each further letter. 0 is plain CTC.</summary>
    /// <value>Per token, 0 to 10; the default is 0.5. A schedule that ends at 0 favours short words only at first.</value>
    [Range(0.0, 10.0)]
    public Schedule Rate { get; init; } = 0.5;
}

[Part("short-first", typeof(ShortFirstOptions),
    Summary = "Lets long targets count less, as long as the rate is above 0.",
    Formula = "w = e^(−rate · (U − 1))",
    Paper = "after Bengio et al., Curriculum Learning, ICML 2009",
    Neutral = "rate: 0")]
internal sealed class ShortFirst(ShortFirstOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        double rate = options.Rate.At(evaluation.Batch.Progress);
        double[] weights = [.. evaluation.Batch.Targets.Select(target => Math.Exp(-rate * Math.Max(0, target.Length - 1)))];
        return torch.tensor(weights, evaluation.Loss.dtype, evaluation.Loss.device);
    }
}
