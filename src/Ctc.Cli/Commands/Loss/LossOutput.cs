using System.Text.Json.Serialization;

namespace Ctc.Cli.Commands.Loss;

/// <summary>An output of a request: a key of its answer.</summary>
internal enum LossOutput
{
    /// <summary>The loss per utterance, after weights and terms, before the reduction.</summary>
    Loss,

    /// <summary>The reduced loss; null without a reduction.</summary>
    Reduced,

    /// <summary>ln Z per utterance.</summary>
    [JsonStringEnumMemberName("log_likelihood")]
    LogLikelihood,

    /// <summary>The gradient with respect to the input numbers.</summary>
    Gradient,

    /// <summary>γ, before the target transforms.</summary>
    Occupancy,

    /// <summary>γ', after the target transforms.</summary>
    Target,

    /// <summary>The token of each frame on the best alignment.</summary>
    Viterbi,

    /// <summary>The lattice state of each frame on the best alignment.</summary>
    States,

    /// <summary>The log-score of the best alignment.</summary>
    [JsonStringEnumMemberName("viterbi_score")]
    ViterbiScore,

    /// <summary>The entropy of the alignment, per utterance.</summary>
    Entropy,

    /// <summary>The positions of the utterances without alignment.</summary>
    Infeasible,

    /// <summary>The gradients of learned scores, by name.</summary>
    Parameters,
}
