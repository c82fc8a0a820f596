using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>What a part of an objective promises besides its numbers: what it does to the tensors, the state and the threads around it.</summary>
internal static class LifeChecks
{
    public static string? Writes(PartTrial trial, Setting setting, CheckCase drawn) =>
        PartCall.Of(setting.Parts(drawn), trial.Says.Needs, drawn).Written is { } written
            ? $"it writes into {written}, which is the engine's; expected a new tensor as its result"
            : null;

    public static string? Repeat(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Evaluated first = Evaluated.Of(parts, drawn), second = Evaluated.Of(parts, drawn);
        return !first.IsSame(second) ? "the same input a second time gives other bits"
            : !first.IsSame(Evaluated.Of(setting.Parts(drawn), drawn)) ? "a second part with the same options gives other bits"
            : null;
    }

    public static string? Leaks(Setting setting, CheckCase drawn)
    {
        const int warmUp = 3, counted = 5;
        ObjectiveParts parts = setting.Parts(drawn);
        using var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        var training = new Batch(drawn.Batch.Targets, drawn.Frames, drawn.Tokens, drawn.Blank, new Progress(1, 0.5, Training: true));
        long before = 0;
        for (int i = 0; i < warmUp + counted; i++)
        {
            if (i == warmUp) before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using DisposeScope scope = torch.NewDisposeScope();
            objective.Evaluate(drawn.Inputs().requires_grad_(), training).Loss.backward();
            objective.EndEpoch();
        }

        long left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        return left <= 0 ? null : $"{left} tensors are left alive by {counted} evaluations; expected none, for what a part makes belongs to the caller's dispose scope";
    }

    /// <summary>What was learned in training, saved and loaded into a part that was made anew, as when a run is resumed.</summary>
    public static string? State(Setting setting, CheckCase drawn)
    {
        ObjectiveParts trained = setting.Parts(drawn), resumed = setting.Untrained();
        Setting.Begin(resumed, drawn.Tokens, drawn.Blank);
        if (Setting.Only(trained) is torch.nn.Module module)
        {
            using var file = new MemoryStream();
            module.save(file);
            ((torch.nn.Module)Setting.Only(resumed)).load(new MemoryStream(file.ToArray()));
        }

        return Evaluated.Of(resumed, drawn).IsSame(Evaluated.Of(trained, drawn))
            ? null
            : "saved and loaded into a new part, what it learned gives other bits; expected all of it in parameters and buffers of a torch.nn.Module, registered in Begin";
    }

    /// <summary>Two objectives, each on a thread of its own.</summary>
    public static string? Threads(Setting setting, CheckCase drawn)
    {
        const int repetitions = 20;
        CheckCase[] cases = [drawn, CheckCase.Draw(1000)];
        Evaluated[] expected = [.. cases.Select(some => Evaluated.Of(setting.Parts(some), some))];
        var faults = new string?[cases.Length];
        using var start = new Barrier(cases.Length);
        Thread[] threads = [.. cases.Select((some, i) => new Thread(() =>
        {
            start.SignalAndWait();
            for (int n = 0; n < repetitions; n++)
            {
                faults[i] ??= CaseSearch.Of(setting, some, (tried, again) =>
                    Evaluated.Of(tried.Parts(again), again).IsSame(expected[i]) ? null : "it gives other bits than alone");
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return faults.FirstOrDefault(fault => fault is not null) is { } found ? $"beside a second objective on another thread: {found}" : null;
    }
}
