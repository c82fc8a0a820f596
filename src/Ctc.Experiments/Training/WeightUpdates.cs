using Ctc.Engine.Objectives;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>The optimisers of a training: one for all parameters of each factor on the learning rate.</summary>
internal sealed class WeightUpdates : IDisposable
{
    private readonly (double Factor, string[] Names, OptimizerHelper Optimizer)[] groups;

    private WeightUpdates(IReadOnlyList<Parameter> parameters, (double Factor, string[] Names, OptimizerHelper Optimizer)[] groups)
    {
        Parameters = parameters;
        this.groups = groups;
    }

    /// <summary>Gets all parameters: those of the network, then those of the objective.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Creates the optimisers.</summary>
    /// <param name="optimizer">Creates one.</param>
    /// <param name="network">The network.</param>
    /// <param name="objective">After <see cref="Objective.Begin"/>: its parts have their parameters.</param>
    /// <param name="learningRate">The first learning rate, without factors.</param>
    /// <exception cref="TrainingException">A factor is not a finite number above 0.</exception>
    public static WeightUpdates Create(IOptimizer optimizer, Encoder network, Objective objective, double learningRate)
    {
        (string Name, Parameter Parameter)[] named =
        [
            .. network.named_parameters().Select(weight => ($"network.{weight.name}", weight.parameter)),
            .. objective.named_parameters().Select(weight => ($"objective.{weight.name}", weight.parameter)),
        ];
        Dictionary<Parameter, double> factors = new(ReferenceEqualityComparer.Instance);
        foreach (torch.nn.Module module in network.modules().Concat(objective.modules()))
        {
            if (module is not ILearningRate { Factor: var factor }) continue;
            if (!(factor > 0 && double.IsFinite(factor)))
            {
                throw new TrainingException(
                    $"The module {module.GetName()} has the learning-rate factor {factor}; expected a finite number above 0.");
            }

            foreach (Parameter parameter in module.parameters()) factors[parameter] = factors.GetValueOrDefault(parameter, 1) * factor;
        }

        return new WeightUpdates(
            [.. named.Select(weight => weight.Parameter)],
            [
                .. from weight in named
                   group weight by factors.GetValueOrDefault(weight.Parameter, 1) into same
                   select (
                       same.Key,
                       same.Select(weight => weight.Name).ToArray(),
                       optimizer.Build([.. same.Select(weight => weight.Parameter)], learningRate * same.Key)),
            ]);
    }

    /// <summary>Gets the names of the parameters of each optimiser, in the order in which its state holds them.</summary>
    public IEnumerable<(IReadOnlyList<string> Names, OptimizerHelper Optimizer)> Groups =>
        groups.Select(group => ((IReadOnlyList<string>)group.Names, group.Optimizer));

    /// <summary>Sets the gradients to none.</summary>
    public void Clear()
    {
        foreach ((_, _, OptimizerHelper optimizer) in groups) optimizer.zero_grad();
    }

    /// <summary>Changes the parameters by their gradients.</summary>
    /// <param name="learningRate">That of the step, without factors.</param>
    public void Step(double learningRate)
    {
        foreach ((double factor, _, OptimizerHelper optimizer) in groups)
        {
            foreach (var group in optimizer.ParamGroups) group.LearningRate = learningRate * factor;
            optimizer.step();
        }
    }

    public void Dispose()
    {
        foreach ((_, _, OptimizerHelper optimizer) in groups) optimizer.Dispose();
    }
}
