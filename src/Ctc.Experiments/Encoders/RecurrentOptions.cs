using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The recurrent layers of a network, and the linear layer after them.</summary>
public abstract record RecurrentOptions : IValidatableObject
{
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

    /// <summary>Refuses a middle without layers after it.</summary>
    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        MiddleStream.Faults(Middle, SelfConditioning, Layers);
}
