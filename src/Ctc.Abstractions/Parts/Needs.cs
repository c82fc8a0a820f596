namespace Ctc;

/// <summary>The quantities that a part needs from the engine besides the loss. Only declared quantities are computed.</summary>
[Flags]
public enum Needs
{
    /// <summary>The loss, the scores and the model's output, which are always available.</summary>
    None = 0,

    /// <summary>The occupancy γ, without gradient.</summary>
    Occupancy = 1,

    /// <summary>The occupancy γ, through which gradients flow.</summary>
    DifferentiableOccupancy = 2,

    /// <summary>The best alignment of each utterance with its target.</summary>
    ViterbiPath = 4,

    /// <summary>The entropy of the alignment, through which gradients flow.</summary>
    Entropy = 8,

    /// <summary>Sums over the whole batch: the loss of an utterance depends on its neighbours, by design.</summary>
    BatchStatistics = 16,
}
