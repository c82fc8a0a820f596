namespace Ctc.Engine.Objectives;

/// <summary>What the numbers are that a batch is evaluated on. The gradient is with respect to these numbers.</summary>
public enum InputKind
{
    /// <summary>What a model says before any softmax. The lattice reads their log-softmax.</summary>
    Logits,

    /// <summary>Log-probabilities in nats, known to be normalised in each frame, and taken as they are. The gradient of plain CTC is −γ.</summary>
    LogProbs,

    /// <summary>Log-scores in nats, not known to be normalised, that the lattice reads as they are. Their log-softmax is what the model says.</summary>
    Scores,
}
