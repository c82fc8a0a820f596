namespace Ctc.Testing.Conformance;

/// <summary>Checks of data transforms: valid utterances, sets for measuring that stay, features that are not read, determinism.</summary>
internal static class DataTransformChecks
{
    private const int Train = 24, Other = 6, FeatureSize = 2;
    private const long Seed = 5;

    public static string? Utterances(Setting setting)
    {
        Dataset given = Draw(), made = Transform(setting, given);
        if (made.Alphabet.Symbols.SequenceEqual(given.Alphabet.Symbols) && made.FeatureSize == given.FeatureSize)
        {
            if (DataSourceChecks.Fault(made) is { } fault) return fault;
            if (DataSourceChecks.Twice(made) is { } twice) return twice;
            return made.Train.Count > 0 ? null : "no utterance is left to learn from; expected some, or an InvalidDataException";
        }

        return "alphabet or feature size are not those of the given data; expected the same";
    }

    public static string? Sets(Setting setting)
    {
        Dataset given = Draw(), made = Transform(setting, given);
        return FirstChange(given.Dev, made.Dev) is { } dev
            ? $"utterance {dev} of the dev set is not as given at the defaults; expected the set as it is"
            : FirstChange(given.Test, made.Test) is { } test ? $"utterance {test} of the test set is not as given; expected the set as it is"
            : null;
    }

    public static string? Unread(Setting setting)
    {
        int reads = 0;
        Transform(setting, Draw(() => reads++));
        return reads == 0 ? null : $"it reads the features of utterances {reads} times; expected none: WithTarget and WithId keep them unread";
    }

    public static string? Repeat(Setting setting)
    {
        Utterance[] first = [.. DataSourceChecks.All(Transform(setting, Draw()))], second = [.. DataSourceChecks.All(Transform(setting, Draw()))];
        if (first.Length != second.Length) return $"twice with the same seed, there are {first.Length} and {second.Length} utterances";
        return DataSourceChecks.Difference(first, second) is { } other ? $"twice with the same seed, utterance {other.Id} is not the same" : null;
    }

    public static string? Writes(Setting setting)
    {
        Dataset given = Draw();
        Transform(setting, given);
        return DataSourceChecks.Difference(DataSourceChecks.All(given), DataSourceChecks.All(Draw())) is { } changed
            ? $"it writes into utterance {changed.Id} of its argument; expected another utterance"
            : null;
    }

    /// <summary>Transforms a data set with a new instance of the part.</summary>
    public static Dataset Transform(Setting setting, Dataset data) =>
        ((IDataTransform)setting.Factory.CreatePart(setting.Options)).Transform(data, Seed);

    /// <summary>Draws a data set, the same at each call: targets of 0 to 5 tokens, some with spans, groups and a graph.</summary>
    /// <param name="read">Called when features are read; by default nothing.</param>
    public static Dataset Draw(Action? read = null)
    {
        var random = new SplitMix64(1);
        return new Dataset(new Alphabet(["a", "b", "c", "d"]), FeatureSize, Set("train", Train), Set("dev", Other), Set("test", Other));

        Utterance[] Set(string name, int count) => [.. Enumerable.Range(0, count).Select(i => Utterance($"{name}-{i}", i))];

        Utterance Utterance(string id, int i)
        {
            long[] target = [.. Enumerable.Range(0, i % 6).Select(_ => (long)random.Between(1, 4))];
            int frames = (2 * target.Length) + 1;
            return new Utterance(id, frames, frames * FeatureSize, Read, target)
            {
                Spans = i % 2 == 0 ? [.. Enumerable.Range(0, target.Length).Select(u => new FrameInterval(2 * u, (2 * u) + 0.5))] : null,
                Group = i % 3 == 0 ? "one" : null,
                Graph = i == 5 ? Graph.FromTarget(target, blank: 0) : null,
            };
        }

        void Read(Span<float> features)
        {
            read?.Invoke();
            features.Fill(1);
        }
    }

    private static string? FirstChange(IReadOnlyList<Utterance> given, IReadOnlyList<Utterance> made) =>
        given.Count != made.Count ? given.Concat(made).First().Id : DataSourceChecks.Difference(given, made)?.Id;
}
