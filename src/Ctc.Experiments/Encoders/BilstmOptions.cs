using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The size of the network.</summary>
public sealed record BilstmOptions : IValidatableObject
{
    private readonly int? stride;
    private readonly bool? selfConditioning;

    /// <summary>Gets the units of each recurrent layer in each direction.</summary>
    /// <value>1 or more; the default is 64.</value>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 64;

    /// <summary>Gets the number of recurrent layers.</summary>
    /// <value>1 or more; the default is 1.</value>
    [Range(1, 16)]
    public int Layers { get; init; } = 1;

    /// <summary>Gets the share of numbers that training drops between layers and before the logits.</summary>
    /// <value>0 to 0.9; the default is 0.1. At 0 nothing is dropped.</value>
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.1;

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

    /// <summary>Gets the number of recurrent layers after which the stream <c>middle</c> gives logits, by the linear layer of the output.</summary>
    /// <value>1 or more, less than layers; by default there is no such stream.</value>
    [Range(1, 100)]
    public int? Middle { get; init; }

    /// <summary>Gets whether the probabilities of <c>middle</c> are added to what the layers after it read, through a linear layer.</summary>
    /// <value>By default, and at false, they are not. It needs <c>middle</c>.</value>
    public bool? SelfConditioning
    {
        get => selfConditioning;
        init => selfConditioning = value == false ? null : value; // One identity for what is the same network.
    }

    /// <summary>Refuses a stride without the convolution that joins the frames, and a middle without layers after it.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Stride is not null && Filters == 0)
        {
            yield return new ValidationResult($"stride is {Stride} and filters is 0; expected filters, which join the frames", [nameof(Stride)]);
        }

        foreach (ValidationResult fault in MiddleStream.Faults(Middle, SelfConditioning, Layers)) yield return fault;
    }
}
