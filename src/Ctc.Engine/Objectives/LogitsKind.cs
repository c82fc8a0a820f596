namespace Ctc.Engine.Objectives;

/// <summary>How an objective computes the logits of an encoder that gives hidden states and its last layer. The numbers differ in rounding.</summary>
public enum LogitsKind
{
    /// <summary>
    /// In chunks where a batch has at least <see cref="Objective.ManyLogits"/> logits and the objective reads nothing but the likelihood; else whole.
    /// </summary>
    Auto,

    /// <summary>One tensor of all logits.</summary>
    Whole,

    /// <summary>
    /// Some frames at a time, so that no tensor of all logits is made; an error where a part reads more, or the encoder gives logits.
    /// </summary>
    Chunks,
}
