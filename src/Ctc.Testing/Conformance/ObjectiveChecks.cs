using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of the numbers of a part of an objective, on any batch. Each returns the fault at a setting on a batch, or null.</summary>
internal static class ObjectiveChecks
{
    private const double SingleTolerance = 1e-4;

    public static string? Values(Setting setting, CheckCase drawn)
    {
        if (PartCall.Create(setting, drawn).Fault() is { } fault) return fault;
        var found = Evaluated.Evaluate(setting.Parts(drawn), drawn);
        return NotFinite(found) is { } infinite ? infinite
            : found.Loss.dtype != torch.float64 ? $"the loss is {found.Loss.dtype} for logits of Float64; expected Float64"
            : null;
    }

    public static string? Neutral(Setting neutral, CheckCase drawn) =>
        Evaluated.Evaluate(neutral.Parts(drawn), drawn).Difference(Evaluated.Evaluate(neutral.Plain(drawn), drawn)) is { } difference
            ? $"{difference} under {neutral.PlainName}"
            : null;

    public static string? Alone(Setting setting, CheckCase drawn)
    {
        var together = Evaluated.Evaluate(setting.Parts(drawn), drawn);
        for (int b = 0; b < drawn.Size; b++)
        {
            var alone = Evaluated.Evaluate(setting.Parts(drawn), drawn.Alone(b));
            string? difference = together.Slice(b, 1, drawn.Frames[b]).Difference(alone);
            if (difference is not null) return $"utterance {b} in its batch and alone: {difference}";
        }

        return null;
    }

    /// <summary>For a part that depends on the whole batch: checks that the order of utterances does not matter.</summary>
    public static string? Order(Setting setting, CheckCase drawn)
    {
        CheckCase backwards = drawn with
        {
            Logits = [.. drawn.Logits.Reverse()], Targets = [.. drawn.Targets.Reverse()], Frames = [.. drawn.Frames.Reverse()],
            Ids = [.. drawn.Ids.Reverse()],
        };
        var found = Evaluated.Evaluate(setting.Parts(drawn), backwards);
        return new Evaluated(found.Loss.flip(0), found.Gradient.flip(1), [])
            .Difference(Evaluated.Evaluate(setting.Parts(drawn), drawn)) is { } difference
            ? $"with the utterances in reverse order {difference}"
            : null;
    }

    public static string? Padding(Setting setting, CheckCase drawn)
    {
        var found = Evaluated.Evaluate(setting.Parts(drawn), drawn.PaddedWithNaN(2), drawn);
        Tensor behind = found.Gradient.narrow(0, drawn.Longest, 2);
        return found.Slice(0, drawn.Size, drawn.Longest).Difference(Evaluated.Evaluate(setting.Parts(drawn), drawn)) is { } difference
            ? $"with NaN in the padding and two frames more of it {difference}"
            : behind.count_nonzero().item<long>() > 0 ? "the gradient of padding is not 0; expected 0" : null;
    }

    public static string? Infeasible(Setting setting, CheckCase drawn)
    {
        long label = (drawn.Blank + 1) % drawn.Tokens;
        double[][] loud = [.. drawn.Logits[0].Select(row => row.Select(number => number * 500).ToArray())];
        long[] tooLong = [.. Enumerable.Repeat(label, (int)drawn.Longest + 1)];
        var both = drawn with { Logits = [.. drawn.Logits, loud], Targets = [.. drawn.Targets, tooLong], Frames = [.. drawn.Frames, drawn.Longest] };
        var found = Evaluated.Evaluate(setting.Parts(drawn), both);
        if (!found.Infeasible.Contains(drawn.Size)) return null; // this topology can align more tokens than frames
        if (found.Gradient.select(1, drawn.Size).count_nonzero().item<long>() > 0) return "an utterance without alignment has a gradient; expected 0";
        return found.Slice(0, drawn.Size, drawn.Longest).Difference(Evaluated.Evaluate(setting.Parts(drawn), drawn)) is { } difference
            ? $"beside an utterance without alignment {difference}"
            : null;
    }

    /// <summary>Edge cases: no frames, one frame, empty targets, a vocabulary of only the blank, no utterances, a token of probability 0.</summary>
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
            if (CaseSearch.FindFault(
                    setting, setting.For(edge), (tried, drawn) => NoNumber(Evaluated.Evaluate(tried.Parts(drawn), drawn))) is { } fault)
            {
                return $"on a batch {name}: {fault} (with {setting.Name})";
            }
        }

        return null;
    }

    public static string? Precision(Setting setting, CheckCase drawn)
    {
        var single = Evaluated.Evaluate(setting.Parts(drawn), drawn.Inputs(torch.float32), drawn);
        if (single.Loss.dtype != torch.float32) return $"the loss is {single.Loss.dtype} for logits of Float32; expected Float32";
        return single.Difference(Evaluated.Evaluate(setting.Parts(drawn), drawn), SingleTolerance) is { } difference
            ? $"in single precision {difference} in double"
            : null;
    }

    // A token of probability 0 may make a loss infinite.
    private static string? NoNumber(Evaluated found) =>
        found.Loss.isnan().any().item<bool>() ? "the loss is NaN; expected a number" : NotFiniteGradient(found);

    private static string? NotFinite(Evaluated found) =>
        !found.Loss.isfinite().all().item<bool>() ? "the loss is not finite; expected a number" : NotFiniteGradient(found);

    private static string? NotFiniteGradient(Evaluated found) =>
        !found.Gradient.isfinite().all().item<bool>() ? "the gradient is not finite; expected numbers" : null;

    private static CheckCase Zeros(long[][] targets, long[] frames, long tokens) => new(
        [.. frames.Select(_ => Enumerable.Range(0, (int)frames.Max()).Select(_ => new double[tokens]).ToArray())], targets, frames, tokens, Blank: 0);
}
