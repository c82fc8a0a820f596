using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Whether a part of an objective changes anything, and when.</summary>
/// <remarks>A part that acts in training only is checked in training from here on.</remarks>
internal static class ActionCheck
{
    /// <summary>Compares the part with the objective without it, outside training and in training.</summary>
    /// <param name="part">The part; its trial becomes one in training where the part changes nothing outside.</param>
    /// <param name="values">The check of values, which then runs again, in training.</param>
    public static Verdict Judge(Checked part, Func<Verdict> values)
    {
        if (Acts(part.Trial)) return Verdict.Pass();
        PartTrial inTraining = part.Trial.InTraining();
        if (!Acts(inTraining)) return Verdict.Warn("at none of its settings did it change value or gradient; expected a change at one of them");
        part.Trial = inTraining;
        Verdict verdict = values();
        return verdict.Outcome == Outcome.Failed ? verdict : Verdict.Pass("it acts in training only; it is checked there");
    }

    private static bool Acts(PartTrial trial) => trial.Settings.Any(setting => Enumerable.Range(0, CaseSearch.Cases).Any(seed =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        CheckCase drawn = setting.Draw(seed);
        return Evaluated.Evaluate(setting.Parts(drawn), drawn).Difference(Evaluated.Evaluate(setting.Plain(drawn), drawn), tolerance: 0) is not null;
    }));
}

/// <summary>The part that is checked: a check can find that those after it must run in training.</summary>
internal sealed class Checked(PartTrial trial)
{
    public PartTrial Trial { get; set; } = trial;
}
