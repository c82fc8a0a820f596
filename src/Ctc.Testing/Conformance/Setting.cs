using Ctc.Configuration.Binding;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>A part with options.</summary>
/// <param name="Factory">The factory of the part.</param>
/// <param name="Name">The name of the options in messages.</param>
/// <param name="Options">An instance of the part's options type.</param>
internal sealed record Setting(PartFactory Factory, string Name, object Options)
{
    /// <summary>Gets whether the part is checked in training, because it changes nothing outside.</summary>
    public bool InTraining { get; init; }

    /// <summary>Draws a batch for a check of the part.</summary>
    /// <param name="seed">The same seed gives the same batch.</param>
    public CheckCase Draw(int seed) => InTraining ? CheckCase.Draw(seed).InTraining() : CheckCase.Draw(seed);

    /// <summary>Creates an objective with a new instance of only this part; if it learns from training, after a fixed short training.</summary>
    public ObjectiveParts Parts(CheckCase drawn)
    {
        ObjectiveParts parts = Untrained();
        if (parts.All.Any(part => part is ITrainingObserver)) Train(parts, drawn.Tokens, drawn.Blank);
        return parts;
    }

    /// <summary>The part under check: the last one, because the topology, always present, comes first.</summary>
    public static IPart Only(ObjectiveParts parts) => parts.All.Last();

    public ObjectiveParts Untrained() => In(Factory.CreatePart(Options));

    /// <summary>Begins training for a part that learns from it, with three targets that depend only on the vocabulary.</summary>
    public static long[][] Begin(ObjectiveParts parts, long tokens, long blank)
    {
        long[] Target(int length) => [.. Enumerable.Range(1, length).Select(u => (blank + u) % tokens).Where(token => token != blank)];
        long[][] targets = [Target(1), Target(2), Target(3)];
        new Objective(parts).Begin(new TrainingSet(targets, [.. targets.Select(target => 2L * target.Length)], new Vocabulary(tokens, blank)));
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

    private ObjectiveParts In(IPart part) => ObjectiveComposition.Compose([(Factory.Point, part)]);
}
