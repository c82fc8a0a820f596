using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>The loss of each utterance and its gradient, under the infeasible policy zero.</summary>
/// <param name="Loss">[B].</param>
/// <param name="Gradient">[T, B, V] with respect to the logits.</param>
/// <param name="Infeasible">The positions of the infeasible utterances.</param>
internal sealed record Evaluated(Tensor Loss, Tensor Gradient, IReadOnlyList<int> Infeasible)
{
    /// <summary>The tolerance between two results of the same computation, relative to the larger of 1 and the value.</summary>
    public const double Rounding = 1e-10;

    /// <summary>Evaluates the utterances of a case with other logits.</summary>
    public static Evaluated Evaluate(ObjectiveParts parts, Tensor logits, CheckCase drawn)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withGradient = torch.enable_grad();
        var objective = new Objective(parts, Reduction.None, InfeasiblePolicy.Zero);
        logits = logits.detach().clone().requires_grad_();
        ObjectiveResult result = objective.Evaluate(drawn.Output(objective, logits), drawn.Batch);
        Tensor loss = drawn.SumViews(result.Loss);
        if (loss.requires_grad) loss.sum().backward();
        Tensor gradient = logits.grad ?? torch.zeros_like(logits);
        return new Evaluated(loss.detach().MoveToOuterDisposeScope(), gradient.detach().clone().MoveToOuterDisposeScope(), result.Infeasible);
    }

    public static Evaluated Evaluate(ObjectiveParts parts, CheckCase drawn) => Evaluate(parts, drawn.Inputs(), drawn);

    /// <summary>The results of some utterances, restricted to the first frames.</summary>
    public Evaluated Slice(long first, long count, long frames) =>
        this with { Loss = Loss.narrow(0, first, count), Gradient = Gradient.narrow(1, first, count).narrow(0, 0, frames) };

    public bool IsSame(Evaluated other) => Bits(Loss, other.Loss) && Bits(Gradient, other.Gradient);

    /// <summary>The first difference between two results beyond the tolerance; null if there is none.</summary>
    public string? Difference(Evaluated expected, double tolerance = Rounding) =>
        Difference(Loss, expected.Loss, tolerance) is { } loss ? $"the loss {loss}"
        : Difference(Gradient, expected.Gradient, tolerance) is { } gradient ? $"the gradient {gradient}"
        : null;

    /// <summary>The largest difference between two tensors beyond the tolerance; null if there is none. NaN differs from everything.</summary>
    public static string? Difference(Tensor found, Tensor expected, double tolerance)
    {
        if (!found.shape.SequenceEqual(expected.shape))
        {
            return $"has shape [{string.Join(", ", found.shape)}]; expected [{string.Join(", ", expected.shape)}]";
        }
        if (found.numel() == 0) return null;

        Tensor a = found.detach().to(torch.float64).flatten(), b = expected.detach().to(torch.float64).flatten();
        Tensor apart = ((a - b).abs() / b.abs().clamp(min: 1)).nan_to_num(double.PositiveInfinity, double.PositiveInfinity);
        if (apart.max().ToDouble() <= tolerance) return null;
        long worst = apart.argmax().item<long>();
        return FormattableString.Invariant($"is {a[worst].ToDouble()} where {b[worst].ToDouble()} was expected");
    }

    public static bool Bits(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.equal(b).all().item<bool>();
}
