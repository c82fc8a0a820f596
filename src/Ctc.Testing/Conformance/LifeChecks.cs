using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of side effects: what a part of an objective does to tensors, state and threads.</summary>
internal static class LifeChecks
{
    public static string? Writes(Setting setting, CheckCase drawn) =>
        PartCall.Create(setting, drawn).Written is { } written
            ? $"it writes into {written}, which is read-only; expected a new tensor as its result"
            : null;

    public static string? Repeat(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Evaluated first = Evaluated.Evaluate(parts, drawn), second = Evaluated.Evaluate(parts, drawn);
        return !first.IsSame(second) ? "the same input a second time gives other bits"
            : !first.IsSame(Evaluated.Evaluate(setting.Parts(drawn), drawn)) ? "a second part with the same options gives other bits"
            : null;
    }

    public static string? Leaks(Setting setting, CheckCase drawn)
    {
        using var objective = new Objective(setting.Parts(drawn), Reduction.Sum, InfeasiblePolicy.Zero);
        CheckCase training = drawn.InTraining();
        Batch batch = training.Batch;
        return LiveTensors.LeftBy("evaluations", "tensors that a part creates belong to the caller's dispose scope", () =>
        {
            objective.Evaluate(training.Output(objective, drawn.Inputs().requires_grad_()), batch).Loss.backward();
            objective.EndEpoch();
        });
    }

    public static Verdict State(PartTrial trial) => trial.Default.Only(trial.Default.Untrained()) is torch.nn.Module or ITrainingObserver
        ? Verdict.FromFault(CaseSearch.Fault(trial.Settings, Resumed))
        : Verdict.Skip("it has none");

    /// <summary>Saves the state learned in training and loads it into a new part, as when a run is resumed.</summary>
    private static string? Resumed(Setting setting, CheckCase drawn)
    {
        ObjectiveParts trained = setting.Parts(drawn), resumed = setting.Untrained();
        Setting.Begin(resumed, drawn, seed: 2); // what is drawn at random is not what was learned
        if (setting.Only(trained) is torch.nn.Module module)
        {
            using var file = new MemoryStream();
            module.save(file);
            ((torch.nn.Module)setting.Only(resumed)).load(new MemoryStream(file.ToArray()));
        }

        return Evaluated.Evaluate(resumed, drawn).IsSame(Evaluated.Evaluate(trained, drawn))
            ? null
            : "saved and loaded into a new part, the learned state gives other bits; "
                + "expected all of it in parameters and buffers of a torch.nn.Module, registered in Begin";
    }

    /// <summary>Two objectives on two threads.</summary>
    public static string? Threads(Setting setting, CheckCase drawn)
    {
        const int repetitions = 20;
        CheckCase[] cases = [drawn, setting.Draw(1011)]; // differs from Draw(0) in T, B, V, U and blank
        Evaluated[] expected = [.. cases.Select(some => Evaluated.Evaluate(setting.Parts(some), some))];
        var faults = new string?[cases.Length];
        using var together = new Barrier(cases.Length);
        Thread[] threads = [.. cases.Select((some, i) => new Thread(() =>
        {
            for (int n = 0; n < repetitions; n++)
            {
                together.SignalAndWait();
                faults[i] ??= CaseSearch.FindFault(setting, some, (tried, again) =>
                    Evaluated.Evaluate(tried.Parts(again), again).IsSame(expected[i]) ? null : "it gives other bits than alone");
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return faults.FirstOrDefault(fault => fault is not null) is { } found ? $"beside a second objective on another thread: {found}" : null;
    }
}
