using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;

namespace Ctc.Testing.Conformance;

/// <summary>Checks that derivatives are those of the value: autograd against central differences in float64, along random directions.</summary>
internal static class GradientChecks
{
    private const double Step = 1e-5, Tolerance = 1e-6;

    public static Verdict First(PartTrial trial) => Judge(trial, Gradient);

    public static Verdict Second(PartTrial trial) => trial.Factory.Point == typeof(ITargetTransform)
        ? Verdict.Skip("the targets are constants, so that second derivatives are those of plain CTC")
        : Judge(trial, SecondOrder);

    // If a part declares a detached quantity, a derivative that differs from that of the value is no fault.
    private static Verdict Judge(PartTrial trial, Func<Setting, CheckCase, string?> fault)
    {
        if (trial.Says.Detached.Length == 0)
        {
            return Verdict.FromFault(CaseSearch.Fault(trial.Settings, fault) is { } found
                ? $"{found}; a part that detaches a quantity declares it in Detached of its Part attribute"
                : null);
        }

        string constant = $"it detaches {trial.Says.Detached}";
        Setting[] compared = [.. trial.Settings.Where(setting => CaseSearch.Fault([setting], fault) is null)];
        return compared.Length == trial.Settings.Count ? Verdict.Pass()
            : compared.Length > 0 ? Verdict.Pass($"the same at {string.Join(" and at ", compared.Select(setting => setting.Name))}; else {constant}")
            : Verdict.Skip($"{constant}; the plugin's own tests must cover it");
    }

    private static string? Gradient(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Tensor point = drawn.Inputs();
        using var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        var held = new HeldObjective(parts, drawn.Output(objective, point), drawn.Batch);
        Tensor gradient = FiniteDifferences.Autograd(logits => objective.Evaluate(drawn.Output(objective, logits), drawn.Batch).Loss, point);
        return Slopes(drawn, direction => (gradient * direction).sum(), logits => held.Value(drawn.Output(objective, logits)), "the gradient");
    }

    private static string? SecondOrder(Setting setting, CheckCase drawn)
    {
        using var objective = new Objective(setting.Parts(drawn), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor logits) => objective.Evaluate(drawn.Output(objective, logits), drawn.Batch).Loss;
        Tensor along = Direction(drawn, seed: 7);
        Tensor point = drawn.Inputs(), product = FiniteDifferences.HessianVectorProduct(Loss, point, along);
        return Slopes(
            drawn,
            direction => (product * direction).sum(),
            logits => (FiniteDifferences.Autograd(Loss, logits) * along).sum(),
            "the second derivative");
    }

    private static string? Slopes(CheckCase drawn, Func<Tensor, Tensor> analytic, Func<Tensor, Tensor> function, string what)
    {
        for (int seed = 0; seed < 2; seed++)
        {
            Tensor direction = Direction(drawn, seed), point = drawn.Inputs();
            double slope = analytic(direction).ToDouble();
            double difference = (function(point + (direction * Step)) - function(point - (direction * Step))).ToDouble() / (2 * Step);
            bool agrees = Math.Abs(slope - difference) <= Tolerance * Math.Max(1, Math.Abs(difference)); // false for NaN
            if (!agrees) return FormattableString.Invariant($"{what} along a direction is {slope}; expected {difference}, by finite differences");
        }

        return null;
    }

    // Of length 1 and without a step into padding.
    private static Tensor Direction(CheckCase drawn, int seed)
    {
        Tensor direction = torch.randn([drawn.Longest, drawn.Size, drawn.Tokens], torch.float64, generator: new torch.Generator((ulong)seed));
        for (int b = 0; b < drawn.Size; b++) direction.narrow(0, drawn.Frames[b], drawn.Longest - drawn.Frames[b]).select(1, b).zero_();
        return direction / direction.norm().clamp(min: 1e-3);
    }
}
