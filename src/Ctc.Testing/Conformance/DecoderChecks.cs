using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of decoders, which read batches without targets. Each returns the fault at a setting on a batch, or null.</summary>
internal static class DecoderChecks
{
    /// <summary>Decodes a batch.</summary>
    public static void Use(Setting setting) => Read(setting, CheckCase.Draw(0));

    /// <summary>Hypotheses for each utterance, of tokens of targets, the best first; those of added tokens are spelled.</summary>
    public static string? Values(Setting setting, CheckCase drawn)
    {
        CheckCase[] both = [drawn, drawn with { Added = [Gram(drawn)] }];
        foreach (CheckCase read in setting.IsBesideTransducer ? both[..1] : both) // no transducer adds tokens
        {
            foreach ((IReadOnlyList<Hypothesis> hypotheses, int b) in Read(setting, read).Select((hypotheses, b) => (hypotheses, b)))
            {
                if (Fault(hypotheses, read, b) is not { } fault) continue;
                return read.Added.Count == 0 ? fault : $"{fault}, with a token more that spells two";
            }
        }

        return null;
    }

    public static string? Alone(Setting setting, CheckCase drawn)
    {
        IReadOnlyList<IReadOnlyList<Hypothesis>> together = Read(setting, drawn);
        for (int b = 0; b < drawn.Size; b++)
        {
            if (Difference(together[b], Read(setting, drawn.Alone(b))[0]) is { } difference)
            {
                return $"utterance {b} in its batch and alone: {difference}";
            }
        }

        return null;
    }

    public static string? Padding(Setting setting, CheckCase drawn)
    {
        IReadOnlyList<IReadOnlyList<Hypothesis>> clean = Read(setting, drawn), padded = Read(setting, drawn, drawn.PaddedWithNaN(2));
        for (int b = 0; b < drawn.Size; b++)
        {
            if (Difference(padded[b], clean[b]) is { } difference)
            {
                return $"with NaN in the padding and two frames more of it, in utterance {b}: {difference}";
            }
        }

        return null;
    }

    /// <summary>Edge cases: no frames, one frame, a vocabulary of only the blank, no utterances, a token of probability 0, equal scores.</summary>
    public static string? Edges(Setting setting)
    {
        (string Name, CheckCase Case)[] edges =
        [
            ("without frames", Flat(0, 3)), ("of one frame", Flat(1, 3)), ("of equal scores", Flat(4, 3)), ("of the blank alone", Flat(2, 1)),
            ("without utterances", new CheckCase([], [], [], 3, 0)),
            ("with a token of probability 0", new CheckCase([[[0, double.NegativeInfinity, 1], [1, 0, double.NegativeInfinity]]], [[]], [2], 3, 0)),
        ];
        foreach ((string name, CheckCase edge) in edges)
        {
            string? fault = CaseSearch.Caught(() =>
                Read(setting, edge).Select((hypotheses, b) => Fault(hypotheses, edge, b)).FirstOrDefault(found => found is not null));
            if (fault is not null) return $"on a batch {name}: {fault}";
        }

        return null;

        static CheckCase Flat(int frames, int tokens) =>
            new([[.. Enumerable.Repeat(new double[tokens], frames)]], [[]], [frames], tokens, 0);
    }

    public static string? Repeat(Setting setting, CheckCase drawn)
    {
        var objective = new Objective(setting.Parts(drawn));
        IReadOnlyList<IReadOnlyList<Hypothesis>> first = Read(objective, drawn), second = Read(objective, drawn), other = Read(setting, drawn);
        for (int b = 0; b < drawn.Size; b++)
        {
            string? fault =
                Difference(second[b], first[b], tolerance: 0) is { } again ? $"the same input a second time, utterance {b}: {again}"
                : Difference(other[b], first[b], tolerance: 0) is { } elsewhere
                ? $"in a second part with the same options, utterance {b}: {elsewhere}"
                : null;
            if (fault is not null) return fault;
        }

        return null;
    }

    public static string? Writes(Setting setting, CheckCase drawn)
    {
        using var objective = new Objective(setting.Parts(drawn));
        EncoderOutput output = drawn.Output(objective, drawn.Inputs());
        Tensor before = output.Logits.clone();
        Read(objective, drawn, output);
        return Evaluated.Bits(output.Logits, before) ? null : "it writes into the output of the model, which is read-only";
    }

    public static string? Leaks(Setting setting, CheckCase drawn)
    {
        using var objective = new Objective(setting.Parts(drawn));
        return LiveTensors.LeftBy("decodings", "a decoder's tensors belong to the engine's dispose scope", () => Read(objective, drawn));
    }

    private static string? Fault(IReadOnlyList<Hypothesis> hypotheses, CheckCase drawn, int b)
    {
        for (int k = 0; k < hypotheses.Count; k++)
        {
            Hypothesis hypothesis = hypotheses[k];
            string which = $"hypothesis {k} of utterance {b}";
            if (double.IsNaN(hypothesis.Score) || double.IsPositiveInfinity(hypothesis.Score))
            {
                return FormattableString.Invariant($"the score of {which} is {hypothesis.Score}; expected a log-score in nats, finite or −∞");
            }

            if (k > 0 && hypothesis.Score > hypotheses[k - 1].Score)
            {
                return $"{which} has a better score than the one before; expected the best first";
            }

            if (hypothesis.Path is not { } path) continue;
            if (path.LongLength != drawn.Frames[b]) return $"the path of {which} has {path.Length} frames; expected {drawn.Frames[b]}";
            long size = drawn.Vocabulary.Size;
            if (path.FirstOrDefault(token => token < 0 || token >= size, 0) is var stray and not 0)
            {
                return $"the path of {which} has the token {stray}; expected tokens in [0, {size})";
            }
        }

        return null;
    }

    private static string? Difference(IReadOnlyList<Hypothesis> found, IReadOnlyList<Hypothesis> expected, double tolerance = Evaluated.Rounding)
    {
        if (found.Count != expected.Count) return $"it gives {found.Count} hypotheses where {expected.Count} were expected";
        foreach ((Hypothesis one, Hypothesis other) in found.Zip(expected))
        {
            if (!one.Tokens.SequenceEqual(other.Tokens))
            {
                return $"it reads [{string.Join(", ", one.Tokens)}] where [{string.Join(", ", other.Tokens)}] was expected";
            }

            bool isClose = one.Score.Equals(other.Score) || Math.Abs(one.Score - other.Score) <= tolerance * Math.Max(1, Math.Abs(other.Score));
            if (!isClose) return FormattableString.Invariant($"the score is {one.Score} where {other.Score} was expected");
        }

        return null;
    }

    private static AddedToken Gram(CheckCase drawn)
    {
        long token = (drawn.Blank + 1) % drawn.Tokens;
        return new AddedToken("gram", drawn.Tokens > 1 ? [token, token] : []);
    }

    private static IReadOnlyList<IReadOnlyList<Hypothesis>> Read(Setting setting, CheckCase drawn, Tensor? logits = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(setting.Parts(drawn));
        return Read(objective, drawn, drawn.Output(objective, logits ?? drawn.Inputs()));
    }

    private static IReadOnlyList<IReadOnlyList<Hypothesis>> Read(Objective objective, CheckCase drawn, EncoderOutput? output = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return objective.Decode(output ?? drawn.Output(objective, drawn.Inputs()), drawn.Batch);
    }
}
