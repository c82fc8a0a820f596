using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Training;

/// <summary>The components of an experiment: data, network, objective and device.</summary>
internal sealed class Setup(Dataset data, Encoder network, Objective objective, torch.Device device)
{
    public Dataset Data => data;

    public Encoder Network => network;

    public Objective Objective => objective;

    public torch.Device Device => device;

    /// <summary>Gets the metrics by which models are measured; the default ones if the experiment names none.</summary>
    public ChosenMetrics Metrics { get; init; } = ChosenMetrics.Default;

    /// <summary>Gets the value by which the best epoch is chosen; by default the first metric.</summary>
    public EpochCriterion BestBy { get; init; }

    /// <summary>Gets how targets are aligned where boundaries are measured; by default by the objective.</summary>
    public AlignmentConfiguration Alignment { get; init; } = new();

    /// <summary>Gets how the data source joins symbols to text; by default in their order.</summary>
    public Func<IReadOnlyList<string>, string> ToText { get; init; } = string.Concat;

    /// <summary>Gets the seed of the run, for parts that draw.</summary>
    public long Seed { get; init; }

    /// <summary>Gets the tokens that the network scores.</summary>
    /// <value>Those of the data by default, without tokens that a topology adds.</value>
    public Vocabulary Vocabulary { get; init; } = new(data.Alphabet);

    /// <inheritdoc cref="PaddedBatch.ReadBy"/>
    public EncoderOutput Read(PaddedBatch padded) => padded.ReadBy(network);

    /// <inheritdoc cref="PaddedBatch.FromUtterances"/>
    public PaddedBatch Pad(IReadOnlyList<Utterance> utterances, Progress progress, int views = 1) =>
        PaddedBatch.FromUtterances(utterances, data.FeatureSize, Vocabulary, network, device, progress, views, Seed);
}
