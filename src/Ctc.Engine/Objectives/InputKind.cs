namespace Ctc.Engine.Objectives;

/// <summary>The kind of numbers in the input of an objective. The gradient is with respect to these numbers.</summary>
public enum InputKind
{
    /// <summary>The output of a model before any softmax. The lattice uses its log-softmax.</summary>
    Logits,

    /// <summary>Log-probabilities in nats, known to be normalised in each frame, and used unchanged. The gradient of plain CTC is −γ.</summary>
    LogProbs,

    /// <summary>
    /// Log-scores in nats, not known to be normalised, used unchanged by the lattice. The model's log-probabilities are their log-softmax.
    /// </summary>
    Scores,
}
