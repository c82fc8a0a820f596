using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The size of the network.</summary>
public sealed record BilstmOptions : RecurrentOptions
{
    private readonly int? stride;

    /// <summary>Gets the filters of a convolution over time, normalized frame by frame, before the recurrent layers.</summary>
    /// <value>The default is 64; at 0 there is no convolution.</value>
    [Range(0, 8192)]
    public int Filters { get; init; } = 64;

    /// <summary>Gets the frames that the convolution covers on each side of its own. Without filters it is ignored.</summary>
    /// <value>0 or more; the default is 3, which makes a kernel of 7 frames.</value>
    [Range(0, 100)]
    public int Context { get; init; } = 3;

    /// <summary>Gets the number of frames that the convolution joins into one: N frames become ⌈N / stride⌉.</summary>
    /// <value>1 or more; by default, and at 1, it joins none. More than 1 needs filters. Targets must fit what is left.</value>
    [Range(1, 64)]
    public int? Stride
    {
        get => stride;
        init => stride = value == 1 ? null : value; // One identity for what is the same network.
    }

    /// <summary>Refuses a stride without the convolution that joins the frames, and a middle without layers after it.</summary>
    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Stride is not null && Filters == 0)
        {
            yield return new ValidationResult($"stride is {Stride} and filters is 0; expected filters, which join the frames", [nameof(Stride)]);
        }

        foreach (ValidationResult fault in base.Validate(validationContext)) yield return fault;
    }
}
