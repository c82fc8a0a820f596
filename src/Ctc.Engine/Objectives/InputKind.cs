namespace Ctc.Engine.Objectives;

/// <summary>The kind of numbers in the input of an objective. The gradient is with respect to these numbers.</summary>
public enum InputKind
{
    /// <summary>The output of a model before any softmax. The lattice reads their log-softmax.</summary>
    Logits,

    /// <summary>Log-probabilities in nats, known to be normalised in each frame, and taken as they are. The gradient of plain CTC is −γ.</summary>
    LogProbs,

    /// <summary>
    /// Log-scores in nats, not known to be normalised, that the lattice reads as they are. The model's log-probabilities are their log-softmax.
    /// </summary>
    Scores,
}
