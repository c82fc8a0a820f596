using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>The checks of a part, in this process: a part that crashes ends the process, and one that never returns blocks it.</summary>
/// <remarks>
/// The parts of an objective are evaluated at their defaults and at random values within their ranges, on small random batches. The first batch
/// that shows a fault is reduced while the fault remains. A part that cannot be evaluated is not checked further. The seeds are fixed:
/// the same part has the same results.
/// </remarks>
public static class PartConformance
{
    /// <summary>Gets the names of all checks, in the order in which they run. Those that run depend on the extension point.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "created", "name", "options", "documentation", "needs", "values", "best", "utterances", "ids", "sets", "unread", "length", "paths",
        "spelling", "draws", "linear-time", "acts", "neutral", "schedules", "gradient", "second-order", "alone", "padding", "infeasible", "edges",
        "precision", "repeat", "writes", "leaks", "outlives", "state", "threads", "cost", "globals", "prints",
    ];

    /// <summary>Checks one part.</summary>
    /// <param name="part">A part of a plugin, or a built-in part.</param>
    /// <param name="others">The other parts available to experiments, for conflicts of names; by default none.</param>
    /// <param name="starting">Called with the name of each check before it runs.</param>
    /// <param name="options">Options as text to check the part with; by default its defaults and random values.</param>
    /// <param name="baseFolder">The base of relative paths in the options.</param>
    /// <returns>Lazily, a result for each check of the extension point.</returns>
    public static IEnumerable<CheckResult> Run(
        PartFactory part, IEnumerable<PartFactory>? others = null, Action<string>? starting = null, string? options = null, string baseFolder = ".")
    {
        ArgumentNullException.ThrowIfNull(part);
        PartTrial? trial = null;
        Verdict created = Start("created", () => Created(part, options, baseFolder, out trial));
        yield return created.Named("created");
        if (trial is null || created.Outcome == Outcome.Failed) yield break;

        foreach (Check check in For(new Checked(trial), others ?? []))
        {
            Verdict verdict = Start(check.Name, check.Run);
            yield return verdict.Named(check.Name);
            if (check.IsGate && verdict.Outcome == Outcome.Failed) yield break;
        }

        Verdict Start(string name, Func<Verdict> run)
        {
            starting?.Invoke(name);
            Verdict verdict = Verdict.Pass();
            using var shared = new GlobalState(); // restored: a part must not change what others compute
            string? failure = CaseSearch.Caught(() =>
            {
                verdict = run();
                return null;
            });
            return failure is null ? verdict : Verdict.Fail(failure);
        }
    }

    private static Verdict Created(PartFactory part, string? options, string baseFolder, out PartTrial? trial)
    {
        trial = null;
        try
        {
            trial = PartTrial.Create(part, options, baseFolder);
        }
        catch (ConfigurationException refusal) when (options is null && part.HasRequiredOptions)
        {
            return Verdict.Skip(
                $"it has options that must be given ({OptionChecks.Reason(refusal)}); give them with --options, or an Example in its attribute");
        }
        catch (ConfigurationException refusal)
        {
            return Verdict.Fail(OptionChecks.Reason(refusal));
        }

        try
        {
            (part.CreatePart(trial.Default.Options) as IDisposable)?.Dispose();
            return Verdict.Pass();
        }
        catch (PluginException failure) when (failure.InnerException is { } cause)
        {
            return Verdict.Fail(RootCause.Describe(cause)); // the outer exceptions only add the names of plugin and part
        }
    }

    private static IEnumerable<Check> For(Checked part, IEnumerable<PartFactory> others)
    {
        PartTrial trial = part.Trial;
        return
        [
            new("name", () => DeclarationChecks.Name(trial.Factory, others)),
            new("options", () => Verdict.FromFault(OptionChecks.ReadBack(trial))),
            new("documentation", () => DeclarationChecks.Documentation(trial)),
            .. trial.Factory.Point == typeof(IEncoder) ? Encoder(trial)
                : trial.Factory.Point == typeof(IDataSource) ? DataSource(trial)
                : trial.Factory.Point == typeof(IDataTransform) ? DataTransform(trial)
                : trial.Factory.Point == typeof(IOptimizer) ? Optimizer(trial)
                : trial.Factory.Point == typeof(ISchedule) ? Schedule(trial)
                : trial.Factory.Point == typeof(IAugmentation) ? Augmentation(trial)
                : trial.Factory.Point == typeof(IDecoder) ? Decoder(trial)
                : trial.Factory.Point == typeof(ILanguageModel) ? LanguageModel(trial)
                : trial.Factory.Point == typeof(IMetric) ? Metric(trial)
                : trial.Factory.Point == typeof(ILauncher) ? Launcher(trial)
                : Objective(part),
            new("globals", () => Verdict.FromFault(GlobalChecks.Globals(part.Trial.Default))),
            new("prints", () => GlobalChecks.Prints(part.Trial.Default)),
        ];
    }

    private static IEnumerable<Check> Encoder(PartTrial trial)
    {
        Check One(string name, Func<Setting, string?> fault) => new(name, () => Verdict.FromFault(fault(trial.Default)));
        return
        [
            One("outlives", EncoderChecks.Outlives) with { IsGate = true },
            One("values", EncoderChecks.Shapes) with { IsGate = true },
            One("gradient", EncoderChecks.Gradient),
            One("alone", EncoderChecks.Alone),
            One("padding", EncoderChecks.Padding),
            One("precision", EncoderChecks.Precision),
            One("repeat", EncoderChecks.Repeat),
            One("leaks", EncoderChecks.Leaks),
            One("state", EncoderChecks.State),
        ];
    }

    private static IEnumerable<Check> DataSource(PartTrial trial)
    {
        Check One(string name, Func<Setting, string?> fault) => new(name, () => Verdict.FromFault(fault(trial.Default)));
        return [One("utterances", DataSourceChecks.Utterances) with { IsGate = true }, One("ids", DataSourceChecks.Ids),
            One("repeat", DataSourceChecks.Repeat)];
    }

    private static IEnumerable<Check> DataTransform(PartTrial trial) =>
    [
        AtAll(trial, "utterances", DataTransformChecks.Utterances) with { IsGate = true },
        new("sets", () => Verdict.FromFault(DataTransformChecks.Sets(trial.Default))),
        AtAll(trial, "unread", DataTransformChecks.Unread),
        AtAll(trial, "repeat", DataTransformChecks.Repeat),
        AtAll(trial, "writes", DataTransformChecks.Writes),
    ];

    private static IEnumerable<Check> Optimizer(PartTrial trial)
    {
        Check One(string name, Func<Setting, string?> fault) => new(name, () => Verdict.FromFault(fault(trial.Default)));
        return
        [
            One("values", OptimizerChecks.Values) with { IsGate = true },
            One("acts", OptimizerChecks.Acts),
            One("repeat", OptimizerChecks.Repeat),
            One("state", OptimizerChecks.State),
        ];
    }

    private static IEnumerable<Check> Schedule(PartTrial trial) =>
    [
        AtAll(trial, "values", SchedulePartChecks.Values) with { IsGate = true },
        new("acts", () => Verdict.FromFault(SchedulePartChecks.Acts(trial.Default))),
        AtAll(trial, "repeat", SchedulePartChecks.Repeat),
        AtAll(trial, "length", SchedulePartChecks.Length),
    ];

    private static IEnumerable<Check> Augmentation(PartTrial trial) =>
    [
        AtAll(trial, "values", AugmentationChecks.Values) with { IsGate = true },
        new("acts", () => Verdict.FromFault(AugmentationChecks.Acts(trial.Default))),
        AtAll(trial, "repeat", AugmentationChecks.Repeat),
        AtAll(trial, "writes", AugmentationChecks.Writes),
    ];

    private static IEnumerable<Check> Decoder(PartTrial trial)
    {
        Check Search(string name, Func<Setting, CheckCase, string?> fault) =>
            new(name, () => Verdict.FromFault(CaseSearch.Fault(trial.Settings, fault)));
        return
        [
            Search("values", DecoderChecks.Values) with { IsGate = true },
            Search("alone", DecoderChecks.Alone),
            Search("padding", DecoderChecks.Padding),
            AtAll(trial, "edges", DecoderChecks.Edges),
            Search("repeat", DecoderChecks.Repeat),
            Search("writes", DecoderChecks.Writes),
            Search("leaks", DecoderChecks.Leaks),
        ];
    }

    private static IEnumerable<Check> LanguageModel(PartTrial trial) =>
    [
        AtAll(trial, "values", LanguageModelChecks.Values) with { IsGate = true },
        AtAll(trial, "repeat", LanguageModelChecks.Repeat),
        AtAll(trial, "threads", LanguageModelChecks.Threads),
    ];

    private static IEnumerable<Check> Metric(PartTrial trial) =>
    [
        AtAll(trial, "values", MetricChecks.Values) with { IsGate = true },
        AtAll(trial, "edges", MetricChecks.Edges),
        AtAll(trial, "best", MetricChecks.Best),
        AtAll(trial, "repeat", MetricChecks.Repeat),
    ];

    private static IEnumerable<Check> Launcher(PartTrial trial) =>
    [
        AtAll(trial, "values", LauncherChecks.Values) with { IsGate = true },
        AtAll(trial, "repeat", LauncherChecks.Repeat),
        AtAll(trial, "writes", LauncherChecks.Writes),
    ];

    private static Check AtAll(PartTrial trial, string name, Func<Setting, string?> fault) =>
        new(name, () => Verdict.FromFault(trial.Settings.Select(fault).FirstOrDefault(found => found is not null)));

    private static IEnumerable<Check> Objective(Checked part)
    {
        Check One(string name, Func<PartTrial, Verdict> judge) => new(name, () => judge(part.Trial));
        Check Search(string name, Func<Setting, CheckCase, string?> fault) =>
            One(name, trial => Verdict.FromFault(CaseSearch.Fault(trial.Settings, fault)));
        Check values = Search("values", ObjectiveChecks.Values) with { IsGate = true };
        Check[] own = part.Trial.Factory.Point != typeof(ITopology)
            ? [new("acts", () => ActionCheck.Judge(part, values.Run)) { IsGate = true }, One("neutral", DeclarationChecks.Neutral)]
            : part.Trial.Default.IsTransducer ? [Search("paths", TransducerChecks.Paths)]
            :
            [
                Search("paths", TopologyChecks.Paths),
                Search("spelling", SpellingCheck.Spelling),
                Search("draws", DrawCheck.Draws),
                One("linear-time", trial => TopologyChecks.LinearTime(trial.Default)),
            ];
        return
        [
            One("needs", DeclarationChecks.Needs) with { IsGate = true },
            values,
            .. own,
            .. ScheduleChecks.FindSchedules(part.Trial.Says.Options).Count > 0
                ? [Search("schedules", (setting, drawn) => ScheduleChecks.Moving(part.Trial, setting, drawn))]
                : Array.Empty<Check>(),
            One("gradient", GradientChecks.First),
            One("second-order", GradientChecks.Second),
            One("alone", DeclarationChecks.Alone),
            Search("padding", ObjectiveChecks.Padding),
            Search("infeasible", ObjectiveChecks.Infeasible),
            One("edges", trial => Verdict.FromFault(trial.Settings.Select(ObjectiveChecks.Edges).FirstOrDefault(fault => fault is not null))),
            Search("precision", ObjectiveChecks.Precision),
            Search("repeat", LifeChecks.Repeat),
            Search("writes", LifeChecks.Writes),
            Search("leaks", LifeChecks.Leaks),
            One("state", LifeChecks.State),
            One("threads", trial => Verdict.FromFault(CaseSearch.FindFault(trial.Default, trial.Default.Draw(0), LifeChecks.Threads))),
            One("cost", trial => Verdict.Pass(Cost.BesidePlain(trial.Default))),
        ];
    }
}
