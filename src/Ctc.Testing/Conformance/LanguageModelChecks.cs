namespace Ctc.Testing.Conformance;

/// <summary>Checks of language models: log-probabilities without NaN, determinism, several threads.</summary>
internal static class LanguageModelChecks
{
    private const int Sequences = 40, Length = 8;

    private static readonly string[] Texts = ["a", "b", "e", "the", "of", "1", "0", " ", "é", "漢", "<unk>", "a word that is none"];

    /// <summary>Scores a few sequences.</summary>
    public static void Use(Setting setting) => Score(Create(setting), 0);

    public static string? Values(Setting setting)
    {
        ILanguageModel model = Create(setting);
        foreach (string text in Texts)
        {
            if (model.IndexOf(text) is < -1 and var index) return $"the number of the unit '{text}' is {index}; expected −1 or more";
        }

        for (int number = 0; number < Sequences; number++)
        {
            foreach ((double value, _) in Score(model, number))
            {
                if (value <= 0) continue; // not true of NaN
                return FormattableString.Invariant($"a log-probability is {value} in sequence {number}; expected 0 or less");
            }
        }

        return null;
    }

    public static string? Repeat(Setting setting)
    {
        ILanguageModel model = Create(setting), other = Create(setting);
        (double, int)[][] first = [.. Enumerable.Range(0, Sequences).Select(number => Score(model, number))];
        for (int number = Sequences - 1; number >= 0; number--)
        {
            if (!Score(model, number).SequenceEqual(first[number])) return $"sequence {number} has other probabilities a second time, after others";
            if (!Score(other, number).SequenceEqual(first[number])) return $"sequence {number} has other probabilities in a second part";
        }

        return null;
    }

    public static string? Threads(Setting setting)
    {
        ILanguageModel model = Create(setting), alone = Create(setting);
        (double, int)[][] expected = [.. Enumerable.Range(0, Sequences).Select(number => Score(alone, number))];
        var same = new bool[4 * Sequences];
        Parallel.For(
            0, same.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            at => same[at] = Score(model, at % Sequences).SequenceEqual(expected[at % Sequences]));
        return same.All(equal => equal) ? null : "on four threads at once sequences have other probabilities than alone";
    }

    private static ILanguageModel Create(Setting setting) => (ILanguageModel)setting.Factory.CreatePart(setting.Options);

    // The probabilities and states of a random sequence, with the end after each unit.
    private static (double Value, int State)[] Score(ILanguageModel model, int number)
    {
        var random = new Random(number);
        var scores = new List<(double, int)>();
        int state = model.Start;
        for (int i = 0; i < Length; i++)
        {
            int unit = model.IndexOf(Texts[random.Next(Texts.Length)]);
            double value = model.LogProbability(state, unit, out state);
            scores.Add((value, state));
            scores.Add((model.LogProbabilityOfEnd(state), state));
        }

        return [.. scores];
    }
}
