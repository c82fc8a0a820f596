namespace Ctc.Testing.Oracles;

/// <summary>A term that detaches a quantity, with its formula in which that quantity is computed from the model's output at a fixed point.</summary>
/// <param name="term">The term.</param>
/// <param name="formula">Its value as a function of the evaluation and of [T, B, V] log-probabilities at the point.</param>
/// <param name="at">The log-probabilities at the point; by default the term itself is evaluated.</param>
public sealed class HeldTerm(IAuxiliaryTerm term, Func<Evaluation, Tensor, Tensor> formula, Tensor? at = null) : IAuxiliaryTerm
{
    /// <inheritdoc/>
    public Tensor Evaluate(Evaluation evaluation) => at is null ? term.Evaluate(evaluation) : formula(evaluation, at);

    /// <inheritdoc/>
    public double BaseShare(Progress progress) => term.BaseShare(progress);

    /// <summary>The formula, held at a point.</summary>
    /// <param name="logProbs">[T, B, V] at the point.</param>
    /// <returns>A new term; this one is unchanged.</returns>
    public HeldTerm At(Tensor logProbs) => new(term, formula, logProbs);
}
