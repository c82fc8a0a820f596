namespace Ctc.Cli.Commands.Loss;

/// <summary>What the numbers of a request are.</summary>
internal enum GivenNumbers
{
    /// <summary>What a model says before any softmax.</summary>
    Logits,

    /// <summary>Log-probabilities, taken as they are.</summary>
    LogProbs,

    /// <summary>Probabilities; their logarithms are taken as they are.</summary>
    Probs,

    /// <summary>Log-scores that need not be normalised, taken as they are.</summary>
    Scores,
}
