using System.ComponentModel.DataAnnotations;
using Ctc;

namespace LabelPrior;

/// <summary>Options of <c>label-prior</c>.</summary>
public sealed record LabelPriorOptions : IValidatableObject
{
    /// <summary>Gets how much of the prior is taken out of the scores.</summary>
    /// <value>Unitless, 0 to 2; the default is 0.3. 0 is plain CTC. The paper's α.</value>
    [Range(0.0, 2.0)]
    public Schedule Scale { get; init; } = 0.3;

    /// <summary>Gets a prior that is given and stays.</summary>
    /// <value>V probabilities above 0, that of the blank among them; by default none, and the prior follows the model.</value>
    public IReadOnlyList<double>? Prior { get; init; }

    /// <summary>Refuses a prior that is no distribution.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prior is null) yield break;
        string? fault = Prior.Any(share => share is not > 0) ? "prior has a share that is not above 0; expected positive shares"
            : Math.Abs(Prior.Sum() - 1) > 1e-6 ? FormattableString.Invariant($"prior adds up to {Prior.Sum()}; expected 1")
            : null;
        if (fault is not null) yield return new ValidationResult(fault, [nameof(Prior)]);
    }
}
