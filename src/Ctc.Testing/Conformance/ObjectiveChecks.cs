using System.Diagnostics;
using Ctc.Engine.Hosting;
using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>What a part of an objective promises: its numbers. Each gives a fault at a setting on a batch, or null.</summary>
internal static class ObjectiveChecks
{
    private const double Step = 1e-5, SlopeTolerance = 1e-6, SingleTolerance = 1e-4;

    public static string? Undeclared(PartTrial trial, Setting setting, CheckCase drawn)
    {
        Needs declared = trial.Says.Needs, missing = Read(trial, setting, drawn) & ~declared;
        return missing == Needs.None ? null : $"it reads {missing}, which it does not declare; expected Needs = Needs.{missing} in its Part attribute";
    }

    /// <summary>What a part reads of what must be declared; nothing of one that throws, which is for another check to say.</summary>
    public static Needs Read(PartTrial trial, Setting setting, CheckCase drawn)
    {
        try
        {
            return PartCall.Of(setting.Parts(drawn), trial.Says.Needs, drawn).Read;
        }
        catch (Exception)
        {
            return Needs.None;
        }
    }

    public static string? Values(PartTrial trial, Setting setting, CheckCase drawn)
    {
        if (PartCall.Of(setting.Parts(drawn), trial.Says.Needs, drawn).Fault() is { } fault) return fault;
        var found = Evaluated.Of(setting.Parts(drawn), drawn);
        return NotFinite(found) is { } infinite ? infinite
            : found.Loss.dtype != torch.float64 ? $"the loss is {found.Loss.dtype} for logits of Float64; expected Float64"
            : null;
    }

    public static string? Writes(PartTrial trial, Setting setting, CheckCase drawn) =>
        PartCall.Of(setting.Parts(drawn), trial.Says.Needs, drawn).Written is { } written
            ? $"it writes into {written}, which is the engine's; expected a new tensor as its result"
            : null;

    public static string? Neutral(Setting neutral, CheckCase drawn) =>
        Evaluated.Of(neutral.Parts(drawn), drawn).Difference(Evaluated.Of(new ObjectiveParts(), drawn)) is { } difference
            ? $"{difference} under plain CTC"
            : null;

    /// <summary>The slope along a random direction, by autograd and by central differences.</summary>
    public static string? Gradient(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Tensor point = drawn.Inputs();
        var held = new HeldObjective(parts, point, drawn.Batch);
        using var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor gradient = FiniteDifferences.Autograd(logits => objective.Evaluate(logits, drawn.Batch).Loss, point);
        return Slopes(drawn, direction => (gradient * direction).sum(), held.Value, "the gradient");
    }

    public static string? SecondOrder(Setting setting, CheckCase drawn)
    {
        using var objective = new Objective(setting.Parts(drawn), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor logits) => objective.Evaluate(logits, drawn.Batch).Loss;
        Tensor along = Direction(drawn, seed: 7);
        Tensor point = drawn.Inputs(), product = FiniteDifferences.HessianVectorProduct(Loss, point, along);
        return Slopes(drawn, direction => (product * direction).sum(), logits => (FiniteDifferences.Autograd(Loss, logits) * along).sum(), "the second derivative");
    }

    public static string? Alone(Setting setting, CheckCase drawn)
    {
        var together = Evaluated.Of(setting.Parts(drawn), drawn);
        for (int b = 0; b < drawn.Size; b++)
        {
            var alone = Evaluated.Of(setting.Parts(drawn), drawn.Alone(b));
            string? difference = together.Of(b, 1, drawn.Frames[b]).Difference(alone);
            if (difference is not null) return $"utterance {b} in its batch and alone: {difference}";
        }

        return null;
    }

    /// <summary>For a part that looks at the whole batch: that the order of its utterances is of no account.</summary>
    public static string? Order(Setting setting, CheckCase drawn)
    {
        var backwards = drawn with { Logits = [.. drawn.Logits.Reverse()], Targets = [.. drawn.Targets.Reverse()], Frames = [.. drawn.Frames.Reverse()] };
        var found = Evaluated.Of(setting.Parts(drawn), backwards);
        return new Evaluated(found.Loss.flip(0), found.Gradient.flip(1), []).Difference(Evaluated.Of(setting.Parts(drawn), drawn)) is { } difference
            ? $"with the utterances in reverse order {difference}"
            : null;
    }

    public static string? Padding(Setting setting, CheckCase drawn)
    {
        Tensor clean = drawn.Inputs(), padded = torch.full([drawn.Longest + 2, drawn.Size, drawn.Tokens], double.NaN, torch.float64);
        for (int b = 0; b < drawn.Size; b++) padded.narrow(0, 0, drawn.Frames[b]).select(1, b).copy_(clean.narrow(0, 0, drawn.Frames[b]).select(1, b));
        var found = Evaluated.Of(setting.Parts(drawn), padded, drawn.Batch);
        Tensor behind = found.Gradient.narrow(0, drawn.Longest, 2);
        return found.Of(0, drawn.Size, drawn.Longest).Difference(Evaluated.Of(setting.Parts(drawn), drawn)) is { } difference
            ? $"with NaN in the padding and two frames more of it {difference}"
            : behind.count_nonzero().item<long>() > 0 ? "a gradient comes out of padding; expected 0 there" : null;
    }

    public static string? Infeasible(Setting setting, CheckCase drawn)
    {
        long label = (drawn.Blank + 1) % drawn.Tokens;
        double[][] loud = [.. drawn.Logits[0].Select(row => row.Select(number => number * 500).ToArray())];
        var both = drawn with { Logits = [.. drawn.Logits, loud], Targets = [.. drawn.Targets, Enumerable.Repeat(label, (int)drawn.Longest + 1).ToArray()], Frames = [.. drawn.Frames, drawn.Longest] };
        var found = Evaluated.Of(setting.Parts(drawn), both);
        if (!found.Infeasible.Contains(drawn.Size)) return null; // this lattice can say more tokens than frames
        if (found.Gradient.select(1, drawn.Size).count_nonzero().item<long>() > 0) return "an utterance without alignment has a gradient; expected 0";
        return found.Of(0, drawn.Size, drawn.Longest).Difference(Evaluated.Of(setting.Parts(drawn), drawn)) is { } difference
            ? $"beside an utterance without alignment {difference}"
            : null;
    }

    /// <summary>No frames, one frame, empty targets, nothing but the blank, no utterances, a token of probability 0.</summary>
    public static string? Edges(Setting setting)
    {
        (string Name, CheckCase Case)[] edges =
        [
            ("without frames", Zeros([[], [1]], [0, 0], 3)),
            ("of one frame", Zeros([[], [1], []], [1, 1, 0], 3)),
            ("of empty targets", Zeros([[], []], [3, 1], 3)),
            ("of no token but the blank", Zeros([[], []], [2, 0], 1)),
            ("without utterances", Zeros([], [], 3)),
            ("with a token of probability 0", Zeros([[1]], [3], 3) with
            {
                Logits = [[[0, 1, double.NegativeInfinity], [2, 0, double.NegativeInfinity], [double.NegativeInfinity, 0, 1]]],
            }),
        ];
        foreach ((string name, CheckCase edge) in edges)
        {
            if (CaseSearch.Of(setting, edge, (tried, drawn) => NoNumber(Evaluated.Of(tried.Parts(drawn), drawn))) is { } fault)
            {
                return $"on a batch {name} {fault} (with {setting.Name})";
            }
        }

        return null;
    }

    public static string? Precision(Setting setting, CheckCase drawn)
    {
        var single = Evaluated.Of(setting.Parts(drawn), drawn.Inputs(torch.float32), drawn.Batch);
        if (single.Loss.dtype != torch.float32) return $"the loss is {single.Loss.dtype} for logits of Float32; expected Float32";
        return single.Difference(Evaluated.Of(setting.Parts(drawn), drawn), SingleTolerance) is { } difference ? $"in single precision {difference} in double" : null;
    }

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

    /// <summary>What loss and gradient cost beside plain CTC: medians in turns, in float32 on T=60, B=8, V=20, U=10.</summary>
    public static string Cost(Setting setting)
    {
        var random = new Random(1);
        var large = new CheckCase(
            [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 20).Select(_ => random.NextDouble()).ToArray()).ToArray())],
            [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 10).Select(_ => random.NextInt64(1, 20)).ToArray())],
            [60, 60, 50, 50, 40, 40, 30, 30], 20, 0);
        double[] ratios = [.. Enumerable.Range(0, 7).Select(_ => Seconds(setting.Parts(large), large) / Seconds(new ObjectiveParts(), large)).Order()];
        return FormattableString.Invariant($"{ratios[3]:f2} of plain CTC's time");
    }

    private static double Seconds(ObjectiveParts parts, CheckCase large)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = large.Inputs(torch.float32);
        Batch batch = large.Batch;
        long started = Stopwatch.GetTimestamp();
        Evaluated.Of(parts, inputs, batch);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string? Slopes(CheckCase drawn, Func<Tensor, Tensor> analytic, Func<Tensor, Tensor> function, string what)
    {
        for (int seed = 0; seed < 2; seed++)
        {
            Tensor direction = Direction(drawn, seed), point = drawn.Inputs();
            double slope = analytic(direction).ToDouble();
            double difference = (function(point + (direction * Step)) - function(point - (direction * Step))).ToDouble() / (2 * Step);
            bool agrees = Math.Abs(slope - difference) <= SlopeTolerance * Math.Max(1, Math.Abs(difference)); // false for NaN
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

    // A token of probability 0 may make a loss infinite.
    private static string? NoNumber(Evaluated found) => found.Loss.isnan().any().item<bool>() ? "the loss is NaN; expected a number" : NotFiniteGradient(found);

    private static string? NotFinite(Evaluated found) =>
        !found.Loss.isfinite().all().item<bool>() ? "the loss is not finite; expected a number" : NotFiniteGradient(found);

    private static string? NotFiniteGradient(Evaluated found) =>
        !found.Gradient.isfinite().all().item<bool>() ? "the gradient is not finite; expected numbers"
        : null;

    private static CheckCase Zeros(long[][] targets, long[] frames, long tokens) => new(
        [.. frames.Select(_ => Enumerable.Range(0, (int)frames.Max()).Select(_ => new double[tokens]).ToArray())], targets, frames, tokens, Blank: 0);
}
