using Ctc.Engine.Hosting;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Configuration;

namespace Ctc.Testing.Conformance;

/// <summary>A part that is being checked: what it says of itself, and the settings at which it is tried.</summary>
/// <param name="Factory">What creates it.</param>
/// <param name="Settings">Options and what a message calls them; those that every check runs on first.</param>
internal sealed record PartTrial(PartFactory Factory, IReadOnlyList<Setting> Settings)
{
    private const int Drawn = 2;

    public PartMetadata Says => Factory.Metadata;

    public Setting Default => Settings[0];

    /// <summary>Gets the setting at which the objective should be plain CTC; null where the part states none.</summary>
    public Setting? Neutral => Says.Neutral.Length == 0 ? null : new Setting(Factory, $"{{ {Says.Neutral} }}", Read(Factory, $"{{ {Says.Neutral} }}"));

    /// <summary>Settings at which a part is tried: what is given, or its defaults and some drawn values.</summary>
    /// <param name="part">The part.</param>
    /// <param name="given">Options as text; by default none.</param>
    /// <param name="baseFolder">What relative paths in them are relative to.</param>
    /// <exception cref="ConfigurationException">The options are not what they should be, or must be given.</exception>
    public static PartTrial Of(PartFactory part, string? given, string baseFolder)
    {
        var first = new Setting(part, given is null ? "its defaults" : "the given options", PartOptions.Read(part, given ?? "{}", "options", baseFolder));
        bool isModel = part.Point == typeof(IEncoder) || part.Point == typeof(IDataSource); // whose size would be drawn too
        IEnumerable<Setting> drawn = isModel || given is not null
            ? []
            : Enumerable.Range(0, Drawn).Select(seed => DrawnOptions.Of(part, seed)).OfType<object>().Select(options => new Setting(part, PartOptions.Write(options), options));
        return new PartTrial(part, [first, .. drawn.DistinctBy(setting => setting.Name).Where(setting => setting.Name != PartOptions.Write(first.Options))]);
    }

    public static object Read(PartFactory part, string text) => PartOptions.Read(part, text, "options", ".");
}

/// <summary>A part with options.</summary>
/// <param name="Factory">What creates it.</param>
/// <param name="Name">What a message calls the options.</param>
/// <param name="Options">An instance of the part's options type.</param>
internal sealed record Setting(PartFactory Factory, string Name, object Options)
{
    /// <summary>A new part alone in an objective. One that learns from training has been trained a little, always the same.</summary>
    public ObjectiveParts Parts(CheckCase drawn)
    {
        ObjectiveParts parts = Untrained();
        if (parts.All.Any(part => part is ITrainingObserver)) Train(parts, drawn.Tokens, drawn.Blank);
        return parts;
    }

    /// <summary>The part that is tried: what stands last, for the topology that is always there comes first.</summary>
    public static IPart Only(ObjectiveParts parts) => parts.All.Last();

    public ObjectiveParts Untrained() => In(Factory.CreatePart(Options));

    /// <summary>Tells a part that learns from training what there is to learn: three targets that depend on the vocabulary alone.</summary>
    public static long[][] Begin(ObjectiveParts parts, long tokens, long blank)
    {
        long[][] targets = [.. Enumerable.Range(1, 3).Select(length => Enumerable.Range(0, length).Select(u => (blank + 1 + u) % tokens).Where(token => token != blank).ToArray())];
        new Objective(parts).Begin(targets, tokens);
        return targets;
    }

    // An epoch of two steps.
    private static void Train(ObjectiveParts parts, long tokens, long blank)
    {
        const int frames = 6;
        long[][] targets = Begin(parts, tokens, blank);
        var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        for (int step = 0; step < 2; step++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var batch = new Batch(targets, [frames, frames - 1, frames], tokens, blank, new Progress(step, step / 2.0, Training: true));
            double[] logits = [.. Enumerable.Range(0, (int)(frames * targets.Length * tokens)).Select(i => Math.Sin((i * i) + step))];
            objective.Evaluate(torch.tensor(logits, [frames, targets.Length, tokens]), batch);
        }

        objective.EndEpoch();
    }

    private static ObjectiveParts In(IPart part) => part switch
    {
        ITopology topology => new ObjectiveParts { Topology = topology },
        IEmissionTransform transform => new ObjectiveParts { Emissions = [transform] },
        ILatticeTransform transform => new ObjectiveParts { Lattice = [transform] },
        ITargetTransform transform => new ObjectiveParts { Targets = [transform] },
        ILossWeighting weighting => new ObjectiveParts { Weighting = [weighting] },
        IAuxiliaryTerm term => new ObjectiveParts { Auxiliary = [term] },
        _ => throw new ArgumentException($"{part} fits into no objective."),
    };
}
