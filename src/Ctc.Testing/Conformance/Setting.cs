using Ctc.Configuration.Binding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Transducers;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>A part with options.</summary>
/// <param name="Factory">The factory of the part.</param>
/// <param name="Name">The name of the options in messages.</param>
/// <param name="Options">An instance of the part's options type.</param>
internal sealed record Setting(PartFactory Factory, string Name, object Options)
{
    private static readonly Lock Generator = new(); // the random one that all parts share

    private bool? isBesideTransducer; // known once it is asked for

    /// <summary>Gets whether the part is a transducer, whose scores are of frames and of the tokens before.</summary>
    public bool IsTransducer => Only(Untrained()) is TransducerTopology;

    /// <summary>Gets whether the part is checked in training, because it changes nothing outside.</summary>
    public bool InTraining { get; init; }

    /// <summary>Gets whether the part is checked in an objective with a transducer, which it needs and is not.</summary>
    public bool IsBesideTransducer => isBesideTransducer ??= NeedsAnother(Only(Untrained()));

    /// <summary>Gets what the part is compared with, in messages.</summary>
    public string PlainName => IsBesideTransducer ? "the transducer alone" : "plain CTC";

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

    /// <summary>
    /// Creates an objective with a new instance of only this part, and a small transducer if it needs one; if something learns from training, after
    /// a fixed short training.
    /// </summary>
    /// <param name="drawn">Its vocabulary is that of the training.</param>
    /// <param name="seed">As of <see cref="Begin"/>.</param>
    public ObjectiveParts Parts(CheckCase drawn, long? seed = 1)
    {
        ObjectiveParts parts = Untrained();
        if (parts.All.Any(part => part is ITrainingObserver)) Train(parts, drawn, seed);
        return parts;
    }

    /// <summary>Creates what the part is compared with: plain CTC, or the same small transducer alone if the part needs one.</summary>
    /// <param name="drawn">Its vocabulary is that of the training.</param>
    public ObjectiveParts Plain(CheckCase drawn)
    {
        if (!IsBesideTransducer) return new ObjectiveParts();
        var plain = new ObjectiveParts { Topology = SmallTransducer() };
        Begin(plain, drawn);
        return plain;
    }

    /// <summary>The part under check: topology and decoder, always present, come first.</summary>
    public IPart Only(ObjectiveParts parts) => parts.All.Last(Factory.Point.IsInstanceOfType);

    public ObjectiveParts Untrained() => In(Factory.CreatePart(Options));

    /// <summary>Begins training for a part that learns from it, with three targets that depend only on the vocabulary.</summary>
    /// <param name="parts">The part.</param>
    /// <param name="drawn">The vocabulary.</param>
    /// <param name="seed">
    /// That of the shared random generator meanwhile, which may give a part its weights; afterwards the generator is as before. Null for none.
    /// </param>
    public static long[][] Begin(ObjectiveParts parts, CheckCase drawn, long? seed = 1)
    {
        (long tokens, long blank) = (drawn.Tokens, drawn.Blank);
        long[] Target(int length) => [.. Enumerable.Range(1, length).Select(u => (blank + u) % tokens).Where(token => token != blank)];
        long[][] targets = [Target(1), Target(2), Target(3)];
        var training = new TrainingSet(targets, [.. targets.Select(target => 2L * target.Length)], drawn.Vocabulary);
        if (seed is { } given)
        {
            lock (Generator)
            {
                using Tensor before = torch.Generator.Default.get_state();
                torch.random.manual_seed(given);
                new Objective(parts).Begin(training);
                torch.Generator.Default.set_state(before);
            }
        }
        else
        {
            new Objective(parts).Begin(training);
        }

        (parts.Topology as TransducerTopology)?.to(torch.float64); // the networks round as the logits do
        return targets;
    }

    // An epoch of two steps.
    private static void Train(ObjectiveParts parts, CheckCase drawn, long? seed)
    {
        const int frames = 6;
        long[][] targets = Begin(parts, drawn, seed);
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
            objective.Evaluate(read.Output(objective, read.Inputs()), read.Batch);
        }

        objective.EndEpoch();
    }

    private ObjectiveParts In(IPart part) => ObjectiveComposition.Compose(
        NeedsAnother(part) ? [(typeof(ITopology), SmallTransducer()), (Factory.Point, part)] : [(Factory.Point, part)]);

    private bool NeedsAnother(IPart part) => Factory.Point != typeof(ITopology) && TransducerFit.NeedsTransducer(part);

    private static TransducerTopology SmallTransducer() => new(new TransducerOptions { Joint = 4, Embedding = 2, Hidden = 3 });
}
