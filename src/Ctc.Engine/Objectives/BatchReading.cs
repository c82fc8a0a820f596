using Ctc.Engine.Frames;
using Ctc.Engine.Paths;

namespace Ctc.Engine.Objectives;

/// <summary>What can be known of a batch without its targets. Tensors belong to the caller's dispose scope.</summary>
internal sealed class BatchReading : Reading
{
    private readonly Lazy<Tensor> scores;
    private readonly Lazy<Lattice?> everything;

    /// <param name="settings">The parts, and the recursion to use.</param>
    /// <param name="model">The output of the model.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    /// <param name="calls">Calls the parts.</param>
    public BatchReading(EvaluationSettings settings, ModelOutput model, Batch batch, PartCalls calls)
        : base(batch)
    {
        (Settings, Model, Calls) = (settings, model, calls);
        Recording = torch.is_grad_enabled();
        scores = Later.Compute(Recording, () => settings.Parts.Emissions.Aggregate(
            model.Scores,
            (before, transform) => FrameMask.Valid(calls.Make(transform, () => transform.Transform(before, batch)), model.PaddingMask)));
        ITopology topology = settings.Parts.Topology;
        everything = Later.Compute(Recording, () => calls.Make(topology, () => topology.BuildEverything(WithoutTargets(batch))));
    }

    public EvaluationSettings Settings { get; }

    public ModelOutput Model { get; }

    public PartCalls Calls { get; }

    /// <summary>Gets whether gradients were being recorded at the construction.</summary>
    public bool Recording { get; }

    public override Tensor Mask => Model.Mask;

    public override Tensor LogProbs => Model.LogProbs;

    public override Tensor Scores => scores.Value;

    /// <summary>Gets [T, B, V] the scores for a recursion, which reads no padding: padding may hold anything.</summary>
    public Tensor UnmaskedScores => Model.Kind != InputKind.Logits && Settings.Parts.Emissions.Count == 0 ? Model.Inputs : Scores;

    public override Lattice? Everything => everything.Value;

    public override ILanguageModel? LanguageModel => Settings.Parts.LanguageModel;

    public override Tensor Stream(string name) => Model.Stream(name);

    public override Tensor LogProbsOf(string stream) => Model.LogProbsOf(stream);

    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        Tensor read = scores ?? Scores;
        FrameMask.CheckForRecursion(read, Batch.Frames, nameof(scores));
        return new LatticeDistribution(lattice, Settings.Posterior(lattice, read, Model.Lengths), () => read, Batch, Settings.Recursion);
    }

    public override BatchPaths Draw(int count) => Draw(count, "");

    /// <summary>Draws paths for a purpose: two purposes draw different paths.</summary>
    /// <inheritdoc cref="Reading.Draw"/>
    /// <param name="count">k, the number of paths of each utterance; 0 or more.</param>
    /// <param name="purpose">What the paths are for, such as the name of the part.</param>
    public BatchPaths Draw(int count, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (Everything is { } all) return ((LatticeDistribution)Distribution(all, LogProbs)).Draw(count, purpose);
        using Tensor chances = PathChances.Draw(Batch, purpose, LogProbs.shape[0], count);
        return TokenSampling.Draw(LogProbs, Mask, chances);
    }

    public override BatchPaths FindBest(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Everything is { } all ? BestPaths.OfLattice(all, LogProbs, Model.Lengths, count) : BestPaths.OfTokens(LogProbs, Mask, count);
    }

    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (long count, long total) = (paths.Tokens.shape[0], paths.Tokens.shape[1]);
        long[] tokens = paths.Tokens.numel() == 0
            ? []
            : [.. paths.Tokens.to(torch.int64).permute(0, 2, 1).contiguous().cpu().data<long>()]; // [k, B, T]
        return [.. Enumerable.Range(0, (int)count).Select(path => Enumerable.Range(0, Batch.Size).Select(b => Spell(path, b)).ToArray())];

        long[] Spell(int path, int b)
        {
            ReadOnlySpan<long> own = tokens.AsSpan(((path * Batch.Size) + b) * (int)total, (int)Batch.Frames[b]);
            return own.Contains(-1) ? [] : Settings.Parts.Topology.Spell(own, Batch.Vocabulary);
        }
    }

    /// <summary>The same utterances with other targets, or another output of the model. The parts are called again.</summary>
    /// <param name="targets">B token sequences without blanks; null for those of the batch.</param>
    /// <param name="logProbs">[T, B, V] log-probabilities in nats; null for those of the model.</param>
    /// <exception cref="ArgumentException">Targets or log-probabilities do not fit the batch.</exception>
    public BatchReading With(IReadOnlyList<long[]>? targets, Tensor? logProbs)
    {
        ModelOutput model = logProbs is null ? Model : new ModelOutput(logProbs, Batch, InputKind.LogProbs, Model.Streams);
        // A part that calls this may have a dispose scope of its own open.
        return new BatchReading(Settings, model, targets is null ? Batch : Batch.WithTargets(targets), new PartCalls(null));
    }

    /// <summary>The same batch without its targets and graphs.</summary>
    public static Batch WithoutTargets(Batch batch) => batch.WithTargets([.. batch.Targets.Select(_ => Array.Empty<long>())]);
}
