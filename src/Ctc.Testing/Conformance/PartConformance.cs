using Ctc.Engine.Hosting;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Configuration;

namespace Ctc.Testing.Conformance;

/// <summary>All that a part promises, check by check. Runs in this process: what ends a process, or never ends, ends or holds this one.</summary>
/// <remarks>
/// The parts of an objective are tried at their defaults and at drawn values within their ranges, on small drawn batches; the first batch that shows a fault is
/// made smaller for as long as the fault stays. A part that cannot be evaluated is not checked further. The seeds are fixed: the same part gets the same result.
/// </remarks>
public static class PartConformance
{
    /// <summary>Gets the names of all checks, in the order in which they run. Which of them there are depends on the extension point.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "created", "name", "options", "documentation", "needs", "values", "utterances", "ids", "paths", "minimum-frames", "neutral", "gradient", "second-order",
        "alone", "padding", "infeasible", "edges", "precision", "repeat", "writes", "leaks", "outlives", "state", "threads", "cost",
    ];

    /// <summary>Checks one part.</summary>
    /// <param name="part">Of a plugin, or built in.</param>
    /// <param name="others">The parts that an experiment could name beside it; by default none.</param>
    /// <param name="starting">Told the name of each check before it runs.</param>
    /// <param name="options">Options as text to try the part at; by default its defaults and drawn values.</param>
    /// <param name="baseFolder">What relative paths in them are relative to.</param>
    /// <returns>A result for each check that fits the extension point, as it comes.</returns>
    public static IEnumerable<CheckResult> Run(
        PartFactory part, IEnumerable<PartFactory>? others = null, Action<string>? starting = null, string? options = null, string baseFolder = ".")
    {
        ArgumentNullException.ThrowIfNull(part);
        PartTrial? trial = null;
        Verdict created = Start("created", () => Created(part, options, baseFolder, out trial));
        yield return created.Named("created");
        if (trial is null || created.Outcome == Outcome.Failed) yield break;

        foreach (Check check in For(trial, others ?? []))
        {
            Verdict verdict = Start(check.Name, check.Run);
            yield return verdict.Named(check.Name);
            if (check.IsGate && verdict.Outcome == Outcome.Failed) yield break;
        }

        Verdict Start(string name, Func<Verdict> run)
        {
            starting?.Invoke(name);
            Verdict verdict = Verdict.Pass();
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
            trial = PartTrial.Of(part, options, baseFolder);
        }
        catch (ConfigurationException refusal) when (options is null && refusal.Message.Contains("missing key", StringComparison.Ordinal))
        {
            return Verdict.Skip($"it has options that must be given ({OptionChecks.Reason(refusal)}); give them with --options");
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
            return Verdict.Fail(RootCause.Of(cause)); // the sentence around it names the plugin and the part, which the reader knows
        }
    }

    private static IEnumerable<Check> For(PartTrial trial, IEnumerable<PartFactory> others) =>
    [
        new("name", () => Name(trial.Factory, others)),
        new("options", () => Verdict.Of(OptionChecks.ReadBack(trial) ?? OptionChecks.Neutral(trial))),
        new("documentation", () => Documentation(trial)),
        .. trial.Factory.Point == typeof(IEncoder) ? Encoder(trial)
            : trial.Factory.Point == typeof(IDataSource) ? DataSource(trial)
            : Objective(trial),
    ];

    private static IEnumerable<Check> Encoder(PartTrial trial)
    {
        Check One(string name, Func<Setting, string?> fault) => new(name, () => Verdict.Of(fault(trial.Default)));
        return
        [
            One("outlives", EncoderChecks.Outlives) with { IsGate = true },
            One("values", EncoderChecks.Shapes) with { IsGate = true },
            One("gradient", EncoderChecks.Gradient),
            One("alone", EncoderChecks.Alone),
            One("padding", EncoderChecks.Padding),
            One("repeat", EncoderChecks.Repeat),
            One("leaks", EncoderChecks.Leaks),
            One("state", EncoderChecks.State),
        ];
    }

    private static IEnumerable<Check> DataSource(PartTrial trial)
    {
        Check One(string name, Func<Setting, string?> fault) => new(name, () => Verdict.Of(fault(trial.Default)));
        return [One("utterances", DataSourceChecks.Utterances) with { IsGate = true }, One("ids", DataSourceChecks.Ids), One("repeat", DataSourceChecks.Repeat)];
    }

    private static IEnumerable<Check> Objective(PartTrial trial)
    {
        Check Search(string name, Func<Setting, CheckCase, string?> fault) => new(name, () => Verdict.Of(CaseSearch.Fault(trial.Settings, fault)));
        bool isTopology = trial.Factory.Point == typeof(ITopology);
        return
        [
            new("needs", () => Needs(trial)) { IsGate = true },
            Search("values", (setting, drawn) => ObjectiveChecks.Values(trial, setting, drawn)) with { IsGate = true },
            .. isTopology ? [Search("paths", TopologyChecks.Paths), Search("minimum-frames", TopologyChecks.MinimumFrames)] : Array.Empty<Check>(),
            .. isTopology ? Array.Empty<Check>() : [new Check("neutral", () => Neutral(trial))],
            new("gradient", () => Gradient(trial)),
            new("second-order", () => SecondOrder(trial)),
            new("alone", () => Alone(trial)),
            Search("padding", ObjectiveChecks.Padding),
            Search("infeasible", ObjectiveChecks.Infeasible),
            new("edges", () => Verdict.Of(trial.Settings.Select(ObjectiveChecks.Edges).FirstOrDefault(fault => fault is not null))),
            Search("precision", ObjectiveChecks.Precision),
            Search("repeat", LifeChecks.Repeat),
            Search("writes", (setting, drawn) => LifeChecks.Writes(trial, setting, drawn)),
            Search("leaks", LifeChecks.Leaks),
            new("state", () => State(trial)),
            new("threads", () => Verdict.Of(CaseSearch.Of(trial.Default, CheckCase.Draw(0), LifeChecks.Threads))),
            new("cost", () => Verdict.Pass(Cost.BesidePlain(trial.Default))),
        ];
    }

    private static Verdict Name(PartFactory part, IEnumerable<PartFactory> others)
    {
        PartFactory? twin = others.FirstOrDefault(other => other.Point == part.Point && other.Metadata.Name == part.Metadata.Name
            && !ReferenceEquals(other, part) && other.Origin?.Name != part.Origin?.Name); // another build of the same plugin takes its place
        return twin is null
            ? Verdict.Pass()
            : Verdict.Fail($"{twin.Origin?.Path ?? "the engine"} brings a {ExtensionPoint.Of(part.Point).Noun} '{part.Metadata.Name}' too; expected a name that is free");
    }

    private static Verdict Documentation(PartTrial trial)
    {
        if (!trial.Says.Summary.EndsWith('.')) return Verdict.Fail($"the Summary of its Part attribute is '{trial.Says.Summary}'; expected a sentence");
        return OptionChecks.Undocumented(trial) switch
        {
            null => Verdict.Warn("no XML documentation lies beside the DLL; expected GenerateDocumentationFile, so that its options can be looked up"),
            { Count: > 0 } missing => Verdict.Fail($"{string.Join(", ", missing)} of {trial.Says.Options.Name} has no summary; expected what it does, its range and its default"),
            _ => Verdict.Pass(),
        };
    }

    private static Verdict Needs(PartTrial trial)
    {
        if (CaseSearch.Fault(trial.Settings, (setting, drawn) => ObjectiveChecks.Undeclared(trial, setting, drawn)) is { } undeclared) return Verdict.Fail(undeclared);

        Needs read = trial.Settings.Select(setting => ObjectiveChecks.Read(trial, setting, CheckCase.Draw(0))).Aggregate((one, other) => one | other);
        Needs unread = trial.Says.Needs & ~read & ~Ctc.Needs.BatchStatistics;
        return unread == Ctc.Needs.None ? Verdict.Pass() : Verdict.Warn($"it declares {unread}, which it did not read; the engine computes it all the same");
    }

    private static Verdict Neutral(PartTrial trial)
    {
        if (trial.Neutral is not { } neutral) return Verdict.Warn("it states no setting at which the objective is plain CTC; expected one in Neutral of its Part attribute");
        return Verdict.Of(CaseSearch.Fault([neutral], ObjectiveChecks.Neutral));
    }

    private static Verdict Gradient(PartTrial trial)
    {
        if (trial.Says.Detached.Length == 0) return Verdict.Of(CaseSearch.Fault(trial.Settings, GradientChecks.Gradient));

        string constant = $"it takes for a constant {trial.Says.Detached}, so that its gradient is not that of its value";
        Setting[] compared = [.. trial.Settings.Where(setting => CaseSearch.Fault([setting], GradientChecks.Gradient) is null)];
        return compared.Length == trial.Settings.Count ? Verdict.Pass()
            : compared.Length > 0 ? Verdict.Pass($"the same at {string.Join(" and at ", compared.Select(setting => setting.Name))}; else {constant}")
            : Verdict.Skip($"{constant}; a test of its own has to judge it");
    }

    private static Verdict SecondOrder(PartTrial trial)
    {
        if (trial.Factory.Point == typeof(ITargetTransform)) return Verdict.Skip("the targets are constants, so that second derivatives are those of plain CTC");
        if (trial.Says.Detached.Length > 0) return Verdict.Skip($"it takes for a constant {trial.Says.Detached}");
        return CaseSearch.Fault(trial.Settings, GradientChecks.SecondOrder) is { } fault
            ? Verdict.Warn($"{fault}; the part serves optimisers of first order alone")
            : Verdict.Pass();
    }

    private static Verdict Alone(PartTrial trial)
    {
        string? fault = CaseSearch.Fault(trial.Settings, ObjectiveChecks.Alone);
        if (!trial.Says.Needs.HasFlag(Ctc.Needs.BatchStatistics))
        {
            return Verdict.Of(fault is null ? null : $"{fault}; a part that looks at the whole batch by design declares Needs.BatchStatistics");
        }

        if (CaseSearch.Fault(trial.Settings, ObjectiveChecks.Order) is { } order) return Verdict.Fail(order);
        return fault is null ? Verdict.Warn("it declares BatchStatistics, and no utterance depended on its neighbours") : Verdict.Pass("it looks at the whole batch, as it declares");
    }

    private static Verdict State(PartTrial trial)
    {
        IPart part = Setting.Only(trial.Default.Untrained());
        return part is torch.nn.Module or ITrainingObserver
            ? Verdict.Of(CaseSearch.Fault(trial.Settings, LifeChecks.State))
            : Verdict.Skip("it has none");
    }
}
