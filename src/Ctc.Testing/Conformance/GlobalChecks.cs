using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of what a part does outside itself: to the state that all parts share, and to the streams of the process.</summary>
internal static class GlobalChecks
{
    /// <summary>Creates a part and uses it in training, as an experiment does, and compares the shared state before and after.</summary>
    public static string? Globals(Setting setting)
    {
        using var start = new GlobalState();
        return Change(setting, seed: 1, out GlobalState first) is { } change ? Released(change, first)
            : Change(setting, seed: 2, out GlobalState second) is { } again ? Released(again, first, second)
            : Released(
                first.HasGeneratorOf(second)
                    ? "it seeds the random generator that all parts share; expected a torch.Generator of its own, or none"
                    : null,
                first,
                second);
    }

    /// <summary>What a part writes to the streams of the process while it is created and used.</summary>
    public static Verdict Prints(Setting setting)
    {
        using var start = new GlobalState();
        using StringWriter output = new(), error = new();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            Use(setting);
        }
        catch (Exception)
        {
            // Another check reports it.
        }

        string written = (output.ToString() + error).Trim();
        return written.Length == 0
            ? Verdict.Pass()
            : Verdict.Warn($"it prints '{written.Split('\n')[0].Trim()}'; expected nothing: the streams of the process belong to the command");
    }

    private static string? Change(Setting setting, int seed, out GlobalState after)
    {
        torch.random.manual_seed(seed);
        using var before = new GlobalState();
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            Use(setting);
        }
        catch (Exception) when (before.Change() is not null)
        {
            // The change is the cause, or is reported first.
        }

        after = new GlobalState();
        if (before.Change() is { } change) return change;
        Tensor made = torch.zeros(1);
        return scope.Contains(made) ? null : "it leaves a dispose scope open, which then owns the tensors of others; expected it closed";
    }

    private static string? Released(string? fault, params GlobalState[] states)
    {
        foreach (GlobalState state in states.Reverse()) state.Dispose();
        return fault;
    }

    private static void Use(Setting setting)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (setting.Factory.Point == typeof(IDataSource))
        {
            ((IDataSource)setting.Factory.CreatePart(setting.Options)).Load();
        }
        else if (setting.Factory.Point == typeof(IDataTransform))
        {
            DataTransformChecks.Transform(setting, DataTransformChecks.Draw());
        }
        else if (setting.Factory.Point == typeof(IEncoder))
        {
            EncoderChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(IOptimizer))
        {
            OptimizerChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(ISchedule))
        {
            SchedulePartChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(IAugmentation))
        {
            AugmentationChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(IDecoder))
        {
            DecoderChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(ILanguageModel))
        {
            LanguageModelChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(IMetric))
        {
            MetricChecks.Use(setting);
        }
        else if (setting.Factory.Point == typeof(ILauncher))
        {
            LauncherChecks.Use(setting);
        }
        else
        {
            CheckCase drawn = setting.Draw(0).InTraining();
            Evaluated.Evaluate(setting.Parts(drawn, seed: null), drawn);
        }
    }
}
