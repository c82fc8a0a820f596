using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Schema;

/// <summary>How an experiment trains: the section <c>train</c>.</summary>
public sealed record TrainingConfiguration : IValidatableObject
{
    /// <summary>Gets how often each utterance is seen, where <see cref="Patience"/> does not end training before.</summary>
    /// <value>Passes over the training set, 1 or more; the default is 10.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Gets how many utterances make one step.</summary>
    /// <value>Utterances, 1 or more; the default is 16.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Gets the rule that turns gradients into steps.</summary>
    /// <value>adam, adamw, sgd or rmsprop; the default is adamw.</value>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Gets the length of a step.</summary>
    /// <value>More than 0; the default is one thousandth.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets how the learning rate changes as training goes on.</summary>
    /// <value>cosine, linear, steps or plateau; the default is none, a constant.</value>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Gets for how long the learning rate rises at the start, in a straight line.</summary>
    /// <value>Epochs or steps; the default is none.</value>
    public TrainingTime? WarmUp { get; init; }

    /// <summary>Gets after how many epochs without a better dev set training ends.</summary>
    /// <value>1 or more; the default is none: all epochs are trained.</value>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Gets how strongly weights are drawn to 0.</summary>
    /// <value>0 or more; the default is 0, which is not at all.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Gets how much of the last step goes into the next. Only sgd and rmsprop have momentum.</summary>
    /// <value>0 up to but not 1; the default is 0, which is none.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Gets the Euclidean norm to which a longer gradient of all parameters together is cut.</summary>
    /// <value>0 or more; the default is 5, and 0 cuts nothing.</value>
    [Range(0.0, double.MaxValue)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Gets how many threads compute. Another number may round sums otherwise, so it is part of a run's identity.</summary>
    /// <value>1 to 1024; the default is 1.</value>
    [Range(1, 1024)]
    public int Threads { get; init; } = 1;

    /// <summary>Refuses momentum where the optimizer has none.</summary>
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
