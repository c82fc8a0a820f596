using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;

namespace Ctc.Cli.Commands.Loss;

/// <summary>A parsed and checked request: numbers, targets, an objective, and the outputs to compute.</summary>
internal sealed record LossRequest
{
    /// <summary>Gets the order of the axes, in the inputs and in the answer.</summary>
    public required TensorLayout Layout { get; init; }

    /// <summary>Gets T·B·V numbers in the order of the layout; padding may hold anything.</summary>
    public required double[] Inputs { get; init; }

    /// <summary>Gets T.</summary>
    public required int Frames { get; init; }

    /// <summary>Gets the kind of the inputs, or of their logarithms.</summary>
    public required InputKind Kind { get; init; }

    /// <summary>Gets whether the inputs are probabilities: their logarithms are the inputs of the objective.</summary>
    public required bool AreProbabilities { get; init; }

    /// <summary>Gets the targets and the lengths, consistent with the inputs.</summary>
    public required Batch Batch { get; init; }

    /// <summary>Gets the floating type of the computation.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Gets the recursion to use.</summary>
    public required RecursionKind Recursion { get; init; }

    /// <summary>Gets the objective to compute.</summary>
    public required ObjectiveConfiguration Objective { get; init; }

    /// <summary>Gets the values of learned scores, by name.</summary>
    public required IReadOnlyList<LearnedScores> Parameters { get; init; }

    /// <summary>Gets what is probably wrong with the inputs; null if nothing is.</summary>
    public required string? Warning { get; init; }

    /// <summary>Gets the keys of the answer.</summary>
    public required IReadOnlyList<LossOutput> Outputs { get; init; }
}
