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

    /// <summary>Likelihood and posterior of other lattices, targets or scores, and those of the numerator; the best paths of everything.</summary>
    Recursion = 32,

    /// <summary>The streams of the encoder besides its logits.</summary>
    Streams = 64,

    /// <summary>The other view of each utterance: training must read every utterance twice.</summary>
    OtherView = 128,

    /// <summary>Random paths. They depend on the seed, the step and the utterance.</summary>
    Draws = 256,

    /// <summary>The posterior over the alignments of a transducer, by frame and position in the target, without gradient.</summary>
    Places = 512,
}
