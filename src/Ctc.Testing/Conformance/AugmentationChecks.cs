namespace Ctc.Testing.Conformance;

/// <summary>Checks of augmentations: features of the same size, chance from the generator alone, arguments left as they are.</summary>
internal static class AugmentationChecks
{
    private const int Draws = 20, Size = 6;

    private static readonly int[] Lengths = [0, 1, 2, 7, 30];

    private static readonly Progress Progress = new(3, 0.5, Training: true);

    public static string? Values(Setting setting)
    {
        IAugmentation part = Create(setting);
        foreach ((Features drawn, int seed) in Cases())
        {
            Features changed = Apply(part, drawn, seed), other = Apply(part, drawn, seed + Draws);
            string where = $"an utterance of {drawn.Frames} frames of {Size}";
            if (changed.Size != Size) return $"{where} gets {changed.Size} features per frame; expected {Size}";
            if (!changed.Values.All(float.IsFinite)) return $"{where} gets a number that is not finite";
            if (!part.PerView || (changed.Frames == drawn.Frames && other.Frames == drawn.Frames)) continue;
            return $"{where} gets {changed.Frames} frames or {other.Frames}; expected PerView false where lengths change";
        }

        return null;
    }

    /// <summary>It changes something, at some draw.</summary>
    public static string? Acts(Setting setting)
    {
        IAugmentation part = Create(setting);
        return Cases().Any(drawn => !AreSame(drawn.Features, Apply(part, drawn.Features, drawn.Seed)))
            ? null
            : $"it changed nothing in {Cases().Count()} draws; expected features that differ in some";
    }

    public static string? Repeat(Setting setting)
    {
        (IAugmentation one, IAugmentation other) = (Create(setting), Create(setting));
        foreach ((Features drawn, int seed) in Cases())
        {
            Features first = Apply(one, drawn, seed);
            if (!AreSame(first, Apply(one, drawn, seed))) return "the same features and the same generator give other numbers a second time";
            if (!AreSame(first, Apply(other, drawn, seed))) return "a second part with the same options gives other numbers";
        }

        return null;
    }

    public static string? Writes(Setting setting)
    {
        IAugmentation part = Create(setting);
        foreach ((Features drawn, int seed) in Cases())
        {
            float[] before = [.. drawn.Values];
            Apply(part, drawn, seed);
            if (!before.AsSpan().SequenceEqual(drawn.Values)) return "it writes into the features, which are read-only; expected a new array";
        }

        return null;
    }

    /// <summary>Augments once, for checks of global state.</summary>
    public static void Use(Setting setting) => Apply(Create(setting), Cases().Last().Features, seed: 1);

    private static IAugmentation Create(Setting setting) => (IAugmentation)setting.Factory.CreatePart(setting.Options);

    private static Features Apply(IAugmentation part, Features features, int seed) => part.Augment(features, new SplitMix64((ulong)seed), Progress);

    private static IEnumerable<(Features Features, int Seed)> Cases() =>
        from frames in Lengths
        from seed in Enumerable.Range(0, Draws)
        select (Draw(frames, seed), seed);

    private static Features Draw(int frames, int seed)
    {
        SplitMix64 random = SplitMix64.At(frames, seed);
        return new Features([.. Enumerable.Range(0, frames * Size).Select(_ => (float)random.Unit())], frames, Size);
    }

    private static bool AreSame(Features one, Features other) => one.Frames == other.Frames && one.Values.AsSpan().SequenceEqual(other.Values);
}
