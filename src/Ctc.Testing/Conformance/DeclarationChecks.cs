using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>
/// Checks that a part matches its attribute: name, summary, needs, neutral setting, dependence on the whole batch.
/// </summary>
internal static class DeclarationChecks
{
    public static Verdict Name(PartFactory part, IEnumerable<PartFactory> others)
    {
        PartFactory? twin =
            others.FirstOrDefault(other => other.Point == part.Point && other.Metadata.Name == part.Metadata.Name && !ReferenceEquals(other, part));
        return twin is null
            ? Verdict.Pass()
            : Verdict.Fail(
                $"{twin.Origin?.Path ?? "the engine"} has a {ExtensionPoint.From(part.Point).Noun} '{part.Metadata.Name}' too; "
                + "expected an unused name");
    }

    public static Verdict Documentation(PartTrial trial)
    {
        if (!trial.Says.Summary.EndsWith('.'))
        {
            return Verdict.Fail($"the Summary of its Part attribute is '{trial.Says.Summary}'; expected a sentence");
        }
        return OptionChecks.Undocumented(trial) switch
        {
            null =>
                Verdict.Warn("no XML documentation is beside the DLL; expected GenerateDocumentationFile, so that its options can be looked up"),
            { Count: > 0 } missing =>
                Verdict.Fail(
                    $"{string.Join(", ", missing)} of {trial.Says.Options.Name} has no summary; expected what it does, its range and its default"),
            _ => Verdict.Pass(),
        };
    }

    public static Verdict Needs(PartTrial trial)
    {
        if (CaseSearch.Fault(trial.Settings, (setting, drawn) => Undeclared(trial, setting, drawn)) is { } undeclared)
        {
            return Verdict.Fail(undeclared);
        }

        // A part that acts in training only reads nothing outside.
        Needs read = trial.Settings.Concat(trial.InTraining().Settings)
            .Select(setting => Read(setting, setting.Draw(0))).Aggregate((one, other) => one | other);
        Needs unread = trial.Says.Needs & ~read & ~Ctc.Needs.BatchStatistics;
        return unread == Ctc.Needs.None
            ? Verdict.Pass()
            : Verdict.Warn($"it declares {unread}, which it did not read; the engine computes it anyway");
    }

    public static Verdict Neutral(PartTrial trial)
    {
        try
        {
            if (trial.Neutral is { } neutral) return Verdict.FromFault(CaseSearch.Fault([neutral], ObjectiveChecks.Neutral));
            return Verdict.Warn("it declares no setting at which the objective is plain CTC; expected one in Neutral of its Part attribute");
        }
        catch (ConfigurationException refusal)
        {
            return Verdict.Fail($"the neutral setting {{ {trial.Says.Neutral} }} is refused: {OptionChecks.Reason(refusal)}");
        }
    }

    public static Verdict Alone(PartTrial trial)
    {
        string? fault = CaseSearch.Fault(trial.Settings, ObjectiveChecks.Alone);
        if (!trial.Says.Needs.HasFlag(Ctc.Needs.BatchStatistics))
        {
            return Verdict.FromFault(
                fault is null ? null : $"{fault}; a part that depends on the whole batch by design declares Needs.BatchStatistics");
        }

        if (CaseSearch.Fault(trial.Settings, ObjectiveChecks.Order) is { } order) return Verdict.Fail(order);
        return fault is null
            ? Verdict.Warn("it declares BatchStatistics, and no utterance depended on its neighbours")
            : Verdict.Pass("it depends on the whole batch, as declared");
    }

    private static string? Undeclared(PartTrial trial, Setting setting, CheckCase drawn)
    {
        Needs declared = trial.Says.Needs, missing = Read(setting, drawn) & ~declared;
        return missing == Ctc.Needs.None
            ? null
            : $"it reads {missing}, which it does not declare; expected Needs = Needs.{missing} in its Part attribute";
    }

    // None for a part that throws: another check reports that.
    private static Needs Read(Setting setting, CheckCase drawn)
    {
        try
        {
            return PartCall.Create(setting, drawn).Read;
        }
        catch (Exception)
        {
            return Ctc.Needs.None;
        }
    }
}
