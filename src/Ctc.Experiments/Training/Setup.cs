using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Training;

/// <summary>What an experiment puts together: a network that learns from data under an objective, on a device.</summary>
internal sealed record Setup(Dataset Data, Encoder Network, Objective Objective, torch.Device Device)
{
    /// <inheritdoc cref="PaddedBatch.Of"/>
    public PaddedBatch Pad(IReadOnlyList<Utterance> utterances, Progress progress) =>
        PaddedBatch.Of(utterances, Data.FeatureSize, Data.Alphabet, Network, Device, progress);
}
