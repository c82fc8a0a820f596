namespace Ctc.Plugins.Tests;

/// <summary>A term that takes something for a constant, beside its formula with that constant taken from the model's output at a point.</summary>
internal sealed class HoldingTerm(IAuxiliaryTerm term, Func<Evaluation, Tensor, Tensor> formula, Tensor? at = null) : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => at is null ? term.Evaluate(evaluation) : formula(evaluation, at);

    public double BaseShare(Progress progress) => term.BaseShare(progress);

    /// <param name="logProbs">[T, B, V] at the point.</param>
    public HoldingTerm At(Tensor logProbs) => new(term, formula, logProbs);
}
