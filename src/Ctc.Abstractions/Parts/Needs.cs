namespace Ctc;

/// <summary>The quantities that a part needs from the engine besides the loss. Only declared quantities are computed.</summary>
[Flags]
public enum Needs
{
    /// <summary>The loss, the scores and the model's output, which are always available.</summary>
    None = 0,

    /// <summary>The occupancy γ, without gradient.</summary>
    Occupancy = 1,

    /// <summary>The occupancy γ, differentiable.</summary>
    DifferentiableOccupancy = 2,

    /// <summary>The best alignment of each utterance with its target.</summary>
    ViterbiPath = 4,

    /// <summary>The entropy of the alignment, differentiable.</summary>
    Entropy = 8,

    /// <summary>Sums over the whole batch: the loss of an utterance depends on the other utterances, by design.</summary>
    BatchStatistics = 16,
}
