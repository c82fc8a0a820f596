using Ctc.Configuration.Schema;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>The optimisers by name.</summary>
internal static class Optimizers
{
    /// <summary>Builds one over all parameters of a network.</summary>
    public static OptimizerHelper Build(TrainingConfiguration train, IEnumerable<Parameter> parameters) => train.Optimizer switch
    {
        OptimizerKind.Adam => torch.optim.Adam(parameters, train.LearningRate, weight_decay: train.WeightDecay),
        OptimizerKind.AdamW => torch.optim.AdamW(parameters, train.LearningRate, weight_decay: train.WeightDecay),
        OptimizerKind.Sgd => torch.optim.SGD(parameters, train.LearningRate, momentum: train.Momentum, weight_decay: train.WeightDecay),
        OptimizerKind.RmsProp => torch.optim.RMSProp(parameters, train.LearningRate, momentum: train.Momentum, weight_decay: train.WeightDecay),
        _ => throw new ArgumentOutOfRangeException(nameof(train)),
    };
}
