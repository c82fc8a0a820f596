using TorchSharp.Modules;

namespace Ctc;

/// <summary>Extension point: the rule by which a step of training changes the weights.</summary>
public interface IOptimizer : IPart
{
    /// <summary>Creates the optimiser of some parameters. Training creates one for each learning rate that it needs.</summary>
    /// <param name="parameters">At least one parameter, with the gradients of a step.</param>
    /// <param name="learningRate">The first learning rate. Training sets that of all its parameter groups before each step.</param>
    /// <returns>An optimiser whose state can be saved and loaded. The caller disposes it.</returns>
    OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate);
}
