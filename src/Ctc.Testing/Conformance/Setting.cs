using Ctc.Configuration.Binding;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

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
        long[] Target(int length) => [.. Enumerable.Range(1, length).Select(u => (blank + u) % tokens).Where(token => token != blank)];
        long[][] targets = [Target(1), Target(2), Target(3)];
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

    private ObjectiveParts In(IPart part) => ObjectiveComposition.Compose([(Factory.Point, part)]);
}
