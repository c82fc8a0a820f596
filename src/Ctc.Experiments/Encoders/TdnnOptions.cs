using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The size of the network.</summary>
public sealed record TdnnOptions
{
    /// <summary>Gets the channels of each convolution.</summary>
    /// <value>1 or more; the default is 128.</value>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 128;

    /// <summary>Gets the number of dilated convolutions of three frames, 1, 2, 4, 1, 2, 4, … frames apart. Each adds to what it reads.</summary>
    /// <value>0 or more; the default is 6.</value>
    [Range(0, 100)]
    public int Layers { get; init; } = 6;

    /// <summary>Gets the number of frames that are joined into one before the dilated convolutions: N frames become ⌈N / stride⌉.</summary>
    /// <value>1 or more; the default is 2. A frame is in the middle of those that it joins. Targets must fit what is left.</value>
    [Range(1, 64)]
    public int Stride { get; init; } = 2;

    /// <summary>Gets the share of numbers that training drops after each dilated convolution and before the logits.</summary>
    /// <value>0 to 0.9; the default is 0.1. At 0 nothing is dropped.</value>
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Gets whether the stream <c>narrow</c> gives logits of each input frame from it and its two neighbours.</summary>
    /// <value>By default there is no such stream.</value>
    public bool Narrow { get; init; }
}
