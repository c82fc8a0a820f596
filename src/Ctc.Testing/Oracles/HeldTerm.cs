namespace Ctc.Testing.Oracles;

/// <summary>A term that takes something for a constant, beside its formula with that constant taken from the model's output at a point.</summary>
/// <param name="term">The term.</param>
/// <param name="formula">Its value, of the batch and of [T, B, V] log-probabilities at the point.</param>
/// <param name="at">The log-probabilities at the point; by default the term itself is evaluated.</param>
public sealed class HeldTerm(IAuxiliaryTerm term, Func<Evaluation, Tensor, Tensor> formula, Tensor? at = null) : IAuxiliaryTerm
{
    /// <inheritdoc/>
    public Tensor Evaluate(Evaluation evaluation) => at is null ? term.Evaluate(evaluation) : formula(evaluation, at);

    /// <inheritdoc/>
    public double BaseShare(Progress progress) => term.BaseShare(progress);

    /// <summary>The formula, held at a point.</summary>
    /// <param name="logProbs">[T, B, V] at the point.</param>
    /// <returns>Another term; this one stays.</returns>
    public HeldTerm At(Tensor logProbs) => new(term, formula, logProbs);
}
