using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Binding;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>The settings of training: the section <c>train</c>.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>The checkpoint of the best epoch, in the folder of a run.</summary>
    internal const string BestCheckpoint = "checkpoints/best.ckpt";

    private readonly LogitsKind? logits;

    /// <summary>Gets the number of epochs, unless <see cref="Patience"/> ends training earlier.</summary>
    /// <value>1 or more; the default is 10.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Gets the number of passes over the training set in an epoch: the dev set is measured after the last one.</summary>
    /// <value>1 or more; the default is 1. With several passes a small set is measured less often.</value>
    [Range(1, 1_000_000)]
    public int Passes { get; init; } = 1;

    /// <summary>Gets the batch size, the number of utterances that the network reads at once.</summary>
    /// <value>Utterances, 1 or more; the default is 16.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Gets the number of batches whose gradients add up to one step of the optimizer.</summary>
    /// <value>1 or more; the default is 1.</value>
    [Range(1, 1_000_000)]
    public int Accumulate { get; init; } = 1;

    /// <summary>Gets the number of utterances of one step of the optimizer.</summary>
    public int StepSize => checked(BatchSize * Accumulate);

    /// <summary>Gets the learning rate.</summary>
    /// <value>More than 0; the default is 0.001.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the factor on the learning rate. It begins at the end of the warm-up.</summary>
    /// <value>0 to 1; the default is none, a constant learning rate.</value>
    [Range(0.0, 1.0)]
    public Schedule? Schedule { get; init; }

    /// <summary>Gets the length of the warm-up, during which the learning rate rises linearly.</summary>
    /// <value>Epochs or steps; the default is none.</value>
    public TrainingTime? WarmUp { get; init; }

    /// <summary>Gets the number of epochs without improvement on the dev set after which training ends.</summary>
    /// <value>1 or more; the default is none: all epochs are trained.</value>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Gets the value of the dev set by which the best epoch is chosen.</summary>
    /// <value>metric: the first of the metrics; loss; boundary-error: its median, where the true positions are known. The default is metric.</value>
    public EpochCriterion BestBy { get; init; }

    /// <summary>Gets the Euclidean norm to which the gradient of all parameters together is clipped.</summary>
    /// <value>0 or more; the default is 5, and 0 disables clipping.</value>
    [Range(0.0, double.MaxValue)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Gets the number of times that training reads each utterance of a batch; each view is augmented by itself.</summary>
    /// <value>1 or 2; the default is 1.</value>
    [Range(1, 2)]
    public int Views { get; init; } = 1;

    /// <summary>Gets how the loss computes the logits: as one tensor, or in chunks of frames from the hidden states and the last layer.</summary>
    /// <value>
    /// auto, whole or chunks; the default is auto: in chunks if a batch has 2^28 logits or more, the encoder gives its last layer, and the objective
    /// reads nothing but the likelihood. Under chunks training fails where they cannot be used.
    /// </value>
    public LogitsKind? Logits
    {
        get => logits;
        init => logits = value == LogitsKind.Auto ? null : value; // One identity for what is the same training.
    }

    /// <summary>Gets the weights that training starts from, in the place of random ones. What belongs to a token is found by its symbol.</summary>
    /// <value>The folder of a run, for the best epoch of it, or a file that <c>ctc export</c> wrote; by default there are none.</value>
    [DataFile]
    [FileInFolder(BestCheckpoint)]
    public string? InitFrom { get; init; }

    /// <summary>Gets the set that is learned from and measured, in the place of all three: an aligner is fitted to what it aligns.</summary>
    /// <value>all, for the three together, train, dev or test; by default none: the sets are those of the data.</value>
    public FittedSet? FitTo { get; init; }

    /// <summary>Gets the parts of training: the optimizer, and the augmentations in the order in which they apply.</summary>
    /// <value>The keys are those of the extension points; the default is the optimizer <c>adamw</c> alone.</value>
    [PartSection(ExtensionPoint.TrainSection)]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets the optimizer.</summary>
    public PartChoice Optimizer => Chosen.At<IOptimizer>().Single();

    /// <summary>Gets the number of threads. It affects the rounding of sums, so it is part of the identity of a run.</summary>
    /// <value>1 to 1024; the default is 1.</value>
    [Range(1, 1024)]
    public int Threads { get; init; } = 1;
}

/// <summary>The value of the dev set by which epochs are compared.</summary>
public enum EpochCriterion
{
    /// <summary>The first of the experiment's metrics.</summary>
    Metric,

    /// <summary>The mean of −ln p(target) under the model's own log-probabilities and the topology.</summary>
    Loss,

    /// <summary>The median of the absolute boundary errors.</summary>
    BoundaryError,
}

/// <summary>A set to which a model is fitted.</summary>
public enum FittedSet
{
    /// <summary>The utterances of all sets.</summary>
    All,

    /// <summary>The training set.</summary>
    Train,

    /// <summary>The dev set.</summary>
    Dev,

    /// <summary>The test set.</summary>
    Test,
}
