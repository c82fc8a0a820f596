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
    public CheckCase Draw(int seed)
    {
        CheckCase drawn = For(CheckCase.Draw(seed));
        return InTraining ? drawn.InTraining() : drawn;
    }

    /// <summary>The batch as the part needs it: with the tokens that its topology adds, and with two views in training.</summary>
    public CheckCase For(CheckCase drawn)
    {
        IEnumerable<long[]> targets = Enumerable.Repeat(drawn.Targets, 100).SelectMany(often => often); // a part may add only what is frequent
        return drawn with
        {
            InViews = Factory.Metadata.Needs.HasFlag(Needs.OtherView),
            Added = Factory.Point == typeof(ITopology)
                ? ((ITopology)Only(Untrained())).AddTokens(new Vocabulary(drawn.Tokens, drawn.Blank), [.. targets])
                : [],
        };
    }

    /// <summary>Creates an objective with a new instance of only this part; if it learns from training, after a fixed short training.</summary>
    public ObjectiveParts Parts(CheckCase drawn)
    {
        ObjectiveParts parts = Untrained();
        if (parts.All.Any(part => part is ITrainingObserver)) Train(parts, drawn);
        return parts;
    }

    /// <summary>The part under check: topology and decoder, always present, come first.</summary>
    public IPart Only(ObjectiveParts parts) => parts.All.Last(Factory.Point.IsInstanceOfType);

    public ObjectiveParts Untrained() => In(Factory.CreatePart(Options));

    /// <summary>Begins training for a part that learns from it, with three targets that depend only on the vocabulary.</summary>
    public static long[][] Begin(ObjectiveParts parts, CheckCase drawn)
    {
        (long tokens, long blank) = (drawn.Tokens, drawn.Blank);
        long[] Target(int length) => [.. Enumerable.Range(1, length).Select(u => (blank + u) % tokens).Where(token => token != blank)];
        long[][] targets = [Target(1), Target(2), Target(3)];
        new Objective(parts).Begin(new TrainingSet(targets, [.. targets.Select(target => 2L * target.Length)], drawn.Vocabulary));
        return targets;
    }

    // An epoch of two steps.
    private static void Train(ObjectiveParts parts, CheckCase drawn)
    {
        const int frames = 6;
        long[][] targets = Begin(parts, drawn);
        double[][] Rows(int b, int step) =>
        [
            .. Enumerable.Range(0, frames).Select(t => Enumerable.Range(0, (int)drawn.Tokens)
                    .Select(v => Angle(t, b, v) + step).Select(Math.Sin).ToArray()),
        ];
        double Angle(int t, int b, int v) => Math.Pow((((t * targets.Length) + b) * (int)drawn.Tokens) + v, 2);
        var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        for (int step = 0; step < 2; step++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            CheckCase read = drawn with
            {
                Logits = [.. Enumerable.Range(0, targets.Length).Select(b => Rows(b, step))],
                Targets = targets,
                Frames = [frames, frames - 1, frames],
                Ids = [.. targets.Select((_, b) => $"{b}")],
                Progress = new Progress(step, step / 2.0, Training: true),
            };
            objective.Evaluate(read.Output(read.Inputs()), read.Batch);
        }

        objective.EndEpoch();
    }

    private ObjectiveParts In(IPart part) => ObjectiveComposition.Compose([(Factory.Point, part)]);
}
