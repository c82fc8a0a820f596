using System.ComponentModel.DataAnnotations;

namespace Ctc.Engine.Transducers;

/// <summary>The options of <see cref="TransducerTopology"/>.</summary>
public sealed record TransducerOptions
{
    /// <summary>Gets the width of the joint network: so many numbers the encoder gives in each frame, in place of a logit for each token.</summary>
    /// <value>1 to 65,536; the default is 128.</value>
    [Range(1, 65_536)]
    public int Joint { get; init; } = 128;

    /// <summary>Gets the width of the vectors of tokens that the prediction network reads.</summary>
    /// <value>1 to 65,536; the default is 32.</value>
    [Range(1, 65_536)]
    public int Embedding { get; init; } = 32;

    /// <summary>Gets the width of the LSTM of the prediction network.</summary>
    /// <value>1 to 65,536; the default is 128.</value>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 128;

    /// <summary>Gets FastEmit's λ: gradients of tokens, not those of blanks, are multiplied by 1 + λ, so that tokens are emitted early.</summary>
    /// <value>0 or more; the default is 0. The loss is the same number for every λ.</value>
    [Range(0.0, double.MaxValue)]
    public Schedule FastEmit { get; init; } = 0;

    /// <summary>Gets whether each frame emits one token or the blank, and not any number of tokens.</summary>
    /// <value>The default is false. With true a target needs as many frames as it has tokens.</value>
    public bool Monotonic { get; init; }
}
