namespace Ctc.Testing.Conformance;

/// <summary>Checks of data sources: complete utterances, three disjoint sets, determinism.</summary>
internal static class DataSourceChecks
{
    public static string? Utterances(Setting setting)
    {
        Dataset data = Load(setting);
        if (Fault(data) is { } fault) return fault;
        return data.Train.Count > 0 && data.Test.Count > 0
            ? null
            : $"there are {data.Train.Count} utterances to learn from and {data.Test.Count} to measure on; expected some of each";
    }

    public static string? Ids(Setting setting) => Twice(Load(setting));

    /// <summary>The first fault of an utterance; null if there is none.</summary>
    public static string? Fault(Dataset data) =>
        All(data).Select(utterance => Fault(utterance, data) is { } fault ? $"utterance {utterance.Id} {fault}" : null)
            .FirstOrDefault(fault => fault is not null);

    /// <summary>An id that occurs twice; null if there is none.</summary>
    public static string? Twice(Dataset data)
    {
        string[] twice = [.. All(data).CountBy(utterance => utterance.Id).Where(id => id.Value > 1).Select(id => id.Key)];
        return twice.Length == 0 ? null : $"the id {twice[0]} occurs twice; expected ids that are unique over the three sets";
    }

    public static string? Repeat(Setting setting)
    {
        Utterance[] first = [.. All(Load(setting))], second = [.. All(Load(setting))];
        if (first.Length != second.Length) return $"loaded twice, there are {first.Length} and {second.Length} utterances";
        return Difference(first, second) is { } other ? $"loaded twice with the same options, utterance {other.Id} is not the same" : null;
    }

    /// <summary>The first utterance that differs from its counterpart; null if there is none.</summary>
    public static Utterance? Difference(IEnumerable<Utterance> first, IEnumerable<Utterance> second) =>
        first.Zip(second).FirstOrDefault(pair => !AreSame(pair.First, pair.Second)).First;

    private static string? Fault(Utterance utterance, Dataset data)
    {
        Alphabet alphabet = data.Alphabet;
        long numbers = (long)utterance.Frames * data.FeatureSize;
        if (utterance.FeatureCount != numbers)
        {
            return $"has {utterance.FeatureCount} numbers; expected {numbers}, {utterance.Frames} frames of {data.FeatureSize}";
        }
        if (!utterance.ReadFeatures().All(float.IsFinite)) return "has a number that is not finite";
        foreach (long token in utterance.Target)
        {
            bool fits = token >= 0 && token < alphabet.Size && token != alphabet.Blank;
            if (!fits) return $"has the token {token}; expected tokens in [0, {alphabet.Size}) other than the blank, {alphabet.Blank}";
        }

        if (utterance.Spans is not { } spans) return null;
        if (spans.Count != utterance.Target.Length) return $"has {spans.Count} spans; expected {utterance.Target.Length}, one for each token";
        foreach (FrameInterval span in spans)
        {
            bool fits = span.Start >= 0 && span.Start <= span.End && span.End <= utterance.Frames;
            if (fits) continue;
            return FormattableString.Invariant($"has a token from {span.Start} to {span.End} frames; expected a part of its {utterance.Frames}");
        }

        return null;
    }

    private static bool AreSame(Utterance one, Utterance other) =>
        one.Id == other.Id && one.Group == other.Group && one.Frames == other.Frames && (one.Spans ?? []).SequenceEqual(other.Spans ?? [])
            && one.ReadFeatures().AsSpan().SequenceEqual(other.ReadFeatures()) && one.Target.AsSpan().SequenceEqual(other.Target);

    private static Dataset Load(Setting setting) => ((IDataSource)setting.Factory.CreatePart(setting.Options)).Load();

    public static IEnumerable<Utterance> All(Dataset data) => [.. data.Train, .. data.Dev, .. data.Test];
}
