using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Training;

/// <summary>The components of an experiment: data, network, objective and device.</summary>
internal sealed class Setup(Dataset data, Encoder network, Objective objective, torch.Device device)
{
    public Dataset Data => data;

    public Encoder Network => network;

    public Objective Objective => objective;

    public torch.Device Device => device;

    /// <inheritdoc cref="PaddedBatch.FromUtterances"/>
    public PaddedBatch Pad(IReadOnlyList<Utterance> utterances, Progress progress) =>
        PaddedBatch.FromUtterances(utterances, data.FeatureSize, data.Alphabet, network, device, progress);
}
