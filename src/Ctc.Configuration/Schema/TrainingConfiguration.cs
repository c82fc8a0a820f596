using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>The settings of training: the section <c>train</c>.</summary>
public sealed record TrainingConfiguration : IValidatableObject
{
    /// <summary>Gets the number of epochs, unless <see cref="Patience"/> ends training earlier.</summary>
    /// <value>Passes over the training set, 1 or more; the default is 10.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Gets the batch size, the number of utterances of one optimizer step.</summary>
    /// <value>Utterances, 1 or more; the default is 16.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Gets the optimizer.</summary>
    /// <value>adam, adamw, sgd or rmsprop; the default is adamw.</value>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Gets the learning rate.</summary>
    /// <value>More than 0; the default is 0.001.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the learning rate schedule.</summary>
    /// <value>cosine, linear, steps or plateau; the default is none, a constant learning rate.</value>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Gets the length of the warm-up, during which the learning rate rises linearly.</summary>
    /// <value>Epochs or steps; the default is none.</value>
    public TrainingTime? WarmUp { get; init; }

    /// <summary>Gets the number of epochs without improvement on the dev set after which training ends.</summary>
    /// <value>1 or more; the default is none: all epochs are trained.</value>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Gets the weight decay.</summary>
    /// <value>0 or more; the default is 0, no decay.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Gets the momentum, which only sgd and rmsprop have.</summary>
    /// <value>0 or more and less than 1; the default is 0, no momentum.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Gets the Euclidean norm to which the gradient of all parameters together is clipped.</summary>
    /// <value>0 or more; the default is 5, and 0 disables clipping.</value>
    [Range(0.0, double.MaxValue)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Gets the number of times that training reads each utterance of a batch; each view is augmented by itself.</summary>
    /// <value>1 or 2; the default is 1.</value>
    [Range(1, 2)]
    public int Views { get; init; } = 1;

    /// <summary>Gets the parts of training: the augmentations, applied in the order of the file.</summary>
    /// <value>The keys are those of the extension points; the default is none.</value>
    [PartSection(ExtensionPoint.TrainSection)]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets the number of threads. It affects the rounding of sums, so it is part of the identity of a run.</summary>
    /// <value>1 to 1024; the default is 1.</value>
    [Range(1, 1024)]
    public int Threads { get; init; } = 1;

    /// <summary>Rejects momentum if the optimizer has none.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Momentum > 0 && Optimizer is OptimizerKind.Adam or OptimizerKind.AdamW)
        {
            string found = FormattableString.Invariant($"momentum is {Momentum}");
            string expected = $"expected 0 with the optimizer {KebabCase.From(Optimizer)}, for only sgd and rmsprop have momentum";
            yield return new ValidationResult($"{found}; {expected}", [nameof(Momentum)]);
        }
    }
}
