using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The size of the network and its receptive field: 1 + (kernel − 1) · (1 + stride · (layers − 1)) frames of the input.</summary>
public sealed record ConvOptions : IValidatableObject
{
    private readonly bool? selfConditioning;

    /// <summary>Gets the channels of each convolution.</summary>
    /// <value>1 or more; the default is 64.</value>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 64;

    /// <summary>Gets the number of convolutions. Each but the first adds to what it reads.</summary>
    /// <value>1 or more; the default is 4.</value>
    [Range(1, 100)]
    public int Layers { get; init; } = 4;

    /// <summary>Gets the frames that a convolution reads, half of them on each side of its own.</summary>
    /// <value>An odd number; the default is 7. At 1 each frame is read by itself.</value>
    [Range(1, 201)]
    public int Kernel { get; init; } = 7;

    /// <summary>Gets the number of frames that the first convolution joins into one: N frames become ⌈N / stride⌉.</summary>
    /// <value>1 or more; the default is 1, which joins none. Targets must fit what is left.</value>
    [Range(1, 64)]
    public int Stride { get; init; } = 1;

    /// <summary>Gets the share of numbers that training drops after each convolution and before the logits.</summary>
    /// <value>0 to 0.9; the default is 0.1. At 0 nothing is dropped.</value>
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Gets the number of convolutions after which the stream <c>middle</c> gives logits, by the linear layer of the output.</summary>
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

    /// <summary>Refuses a kernel of an even number of frames, and a middle without layers after it.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kernel % 2 == 0) yield return new ValidationResult($"kernel is {Kernel}; expected an odd number", [nameof(Kernel)]);
        foreach (ValidationResult fault in MiddleStream.Faults(Middle, SelfConditioning, Layers)) yield return fault;
    }
}
