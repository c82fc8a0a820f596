using Ctc.Engine.Frames;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;

namespace Ctc.Engine.Objectives;

/// <summary>All quantities of one batch, each computed lazily and once. Tensors belong to the caller's dispose scope.</summary>
public sealed class BatchEvaluation : Evaluation
{
    private static readonly Scalar Zero = 0.0;

    private readonly LatticePosterior numerator;
    private readonly Lattice lattice;
    private readonly Lazy<Tensor> logProbs;
    private readonly Lazy<Tensor> scores;
    private readonly Lazy<Tensor> loss;
    private readonly Lazy<Tensor> modelLogLikelihood;
    private readonly Lazy<Tensor> occupancy;
    private readonly Lazy<Tensor> differentiableOccupancy;
    private readonly Lazy<Tensor> entropy;
    private readonly Lazy<ViterbiAlignment> viterbi;
    private readonly Lazy<FrameTargets> targets;

    private readonly PartCalls calls;

    internal BatchEvaluation(
        ObjectiveParts parts,
        Tensor inputs,
        Batch batch,
        InputKind kind,
        RecursionKind recursion,
        bool inOnePass,
        PartCalls calls,
        long? memoryLimit = null)
        : base(batch)
    {
        this.calls = calls;
        FrameMask.Check(inputs, batch.Frames);
        long tokens = inputs.shape[2];
        if (tokens != batch.Tokens)
        {
            throw new ArgumentException($"The inputs have {tokens} tokens; expected {batch.Tokens}, as in the batch.", nameof(inputs));
        }

        double rounding = RoundingOf(inputs.dtype);
        // float16 and bfloat16 are too coarse for sums over paths.
        if (inputs.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.Float64)) inputs = inputs.to(torch.ScalarType.Float32);
        Tensor frames = FrameMask.Lengths(batch.Frames, inputs.device);
        Mask = FrameMask.Create(frames, inputs.shape[0]);
        bool asTheModelSays = kind != InputKind.Scores && parts.Emissions.Count == 0;

        (Lattices lattices, lattice) = parts.Build(batch, calls);
        Lattice? allPaths = lattices.Denominator;

        // Lazy values must not depend on the grad mode of the first caller: the mode of construction is restored.
        bool recording = torch.is_grad_enabled();
        Lazy<T> Later<T>(bool record, Func<T> compute) => new(() =>
        {
            using var mode = torch.set_grad_enabled(record);
            return compute();
        });
        Lazy<(Tensor LogProbs, Tensor Scores)> read = Later(recording, () =>
        {
            (Tensor model, Tensor given) = Read(inputs, kind);
            return (model, parts.Emissions.Aggregate(
                given, (before, transform) => Valid(calls.Make(transform, () => transform.Transform(before, batch)))));
        });
        EvaluationPlan plan = EvaluationPlan.Create(parts, lattice, allPaths, kind, inputs.dtype, inputs.device, recursion);
        inOnePass &= plan.AllowsOnePass && tokens >= Objective.LargeVocabulary;
        numerator = inOnePass
            ? LatticePosterior.Create(lattice, inputs, frames, recursion, logits: true, memoryLimit)
            : LatticePosterior.Create(lattice, read.Value.Scores, frames, recursion, memoryLimit: memoryLimit);
        Feasible = numerator.LogLikelihood.isneginf().logical_not();
        Infeasible = Positions(Feasible);
        logProbs = Later(recording, () => Cut(read.Value.LogProbs));
        scores = Later(
            recording, () => ReferenceEquals(read.Value.LogProbs, read.Value.Scores) ? logProbs.Value : Cut(read.Value.Scores));
        if (!inOnePass) _ = (logProbs.Value, scores.Value); // in the caller's dispose scope, not in that of the first reader

        Tensor all = allPaths is not null
            ? LatticePosterior.Create(allPaths, read.Value.Scores, frames, recursion, memoryLimit: memoryLimit).LogLikelihood
            : torch.zeros_like(numerator.LogLikelihood);
        Func<Tensor>? isNormalised = kind == InputKind.Logits && asTheModelSays ? null : () => AreNormalised(read.Value.Scores, rounding);
        LogLikelihood = allPaths is null ? LikelihoodBound.Apply(numerator.LogLikelihood, lattice, isNormalised) : numerator.LogLikelihood;
        NegativeLogLikelihood = WhereFeasible(all - LogLikelihood);
        bool normalised = allPaths is not null || asTheModelSays;
        loss = Later(recording, () => normalised
            ? NegativeLogLikelihood
            : -LikelihoodBound.Apply(-(NegativeLogLikelihood + WhereFeasible(SumFrames(LogSemiring.Sum(Scores, 2)))), lattice));
        modelLogLikelihood = Later(recording, () =>
        {
            bool untransformed = asTheModelSays && parts.Lattice.Count == 0;
            if (untransformed) return LogLikelihood - all;
            Tensor Sum(Lattice paths) =>
                LatticePosterior.Create(paths, read.Value.LogProbs, frames, recursion, memoryLimit: memoryLimit).LogLikelihood;
            if (lattices.Denominator is { } whole) return Sum(lattices.Numerator) - Sum(whole);
            Func<Tensor>? areProbabilities = kind == InputKind.LogProbs ? () => AreNormalised(read.Value.LogProbs, rounding) : null;
            return LikelihoodBound.Apply(Sum(lattices.Numerator), lattices.Numerator, areProbabilities);
        });
        differentiableOccupancy = Later(recording, numerator.Occupancy);
        occupancy = Later(record: false, numerator.Occupancy);
        entropy = Later(recording, () => WhereFeasible(numerator.Entropy()));
        viterbi = new(() => Viterbi.Align(lattice, read.Value.Scores, Batch.Frames, recursion));
        targets = new(() => TransformTargets(parts.Targets));
    }

    /// <inheritdoc/>
    public override Tensor Mask { get; }

    /// <inheritdoc/>
    public override Tensor Feasible { get; }

    /// <summary>Gets the positions of the utterances that have no alignment.</summary>
    public IReadOnlyList<int> Infeasible { get; }

    /// <inheritdoc/>
    public override Tensor LogProbs => logProbs.Value;

    /// <inheritdoc/>
    public override Tensor Scores => scores.Value;

    /// <summary>Gets [B] ln Z of the targets' lattices; −∞ where infeasible.</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>Gets [B] L of the scores of the lattice, normalised or not; 0 where infeasible.</summary>
    public Tensor NegativeLogLikelihood { get; }

    /// <inheritdoc/>
    public override Tensor Loss => loss.Value;

    /// <summary>
    /// Gets [B] ln p(target) in nats, under the model's own log-probabilities and the topology alone: without emission and lattice transforms, so
    /// that it is a function of the model and not of the objective. −∞ where the topology has no alignment.
    /// </summary>
    public Tensor ModelLogLikelihood => modelLogLikelihood.Value;

    /// <inheritdoc/>
    public override Tensor Occupancy => occupancy.Value;

    /// <summary>Gets [T, B, V] γ, through which gradients flow.</summary>
    public Tensor DifferentiableOccupancy => differentiableOccupancy.Value;

    /// <inheritdoc/>
    public override Tensor Entropy => entropy.Value;

    /// <inheritdoc/>
    public override Tensor ViterbiPath => viterbi.Value.Tokens;

    /// <summary>Gets [T, B] the state of each frame on the best alignment, of type int64; −1 in padding and infeasible utterances.</summary>
    public Tensor ViterbiStates => viterbi.Value.States;

    /// <summary>Gets [B] the log-score of the best alignment; −∞ where infeasible.</summary>
    public Tensor ViterbiScore => viterbi.Value.Score;

    /// <summary>Gets γ' and ω: the occupancy after the target transforms, without gradient; 0 in padding and infeasible utterances.</summary>
    public FrameTargets Targets => targets.Value;

    /// <inheritdoc/>
    public override Lattice? Everything => throw new NotSupportedException();

    /// <inheritdoc/>
    public override PathDistribution Numerator => throw new NotSupportedException();

    /// <inheritdoc/>
    public override Tensor Stream(string name) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override Tensor LogProbsOf(string stream) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override BatchPaths Draw(int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null) => throw new NotSupportedException();

    /// <summary>[B] values, with those of infeasible utterances replaced by 0, value and gradient.</summary>
    internal Tensor WhereFeasible(Tensor values) => torch.where(Feasible, values, torch.zeros_like(values));

    // No gradient flows back from utterances without alignment.
    private Tensor Cut(Tensor values) => Infeasible.Count == 0 ? values : torch.where(Feasible.view(1, -1, 1), values, values.detach());

    // A few roundings of the log-probabilities of a frame; of whatever type they were computed in.
    private static double RoundingOf(torch.ScalarType type) => 64 * type switch
    {
        torch.ScalarType.BFloat16 => Math.ScaleB(1, -7),
        torch.ScalarType.Float16 => Math.ScaleB(1, -10),
        torch.ScalarType.Float32 => Math.ScaleB(1, -23),
        _ => Math.ScaleB(1, -52),
    };

    // [B], true where the scores of each frame are log-probabilities that sum to 1, up to rounding.
    private Tensor AreNormalised(Tensor scores, double rounding)
    {
        using var withoutGradient = torch.no_grad();
        Tensor sums = scores.detach().to(torch.float64).logsumexp(2).abs(); // [T, B]
        return (sums <= rounding).logical_or(Mask.logical_not()).all(0);
    }

    private static int[] Positions(Tensor feasible)
    {
        if (feasible.numel() == 0) return [];
        bool[] onCpu = feasible.cpu().data<bool>().ToArray();
        return [.. Enumerable.Range(0, onCpu.Length).Where(b => !onCpu[b])];
    }

    // The model's log-probabilities, and the scores that the lattice reads before any transform: one tensor if they are equal.
    private (Tensor LogProbs, Tensor Scores) Read(Tensor inputs, InputKind kind)
    {
        switch (kind)
        {
            case InputKind.Logits:
                return FrameMask.LogProbsAndScores(inputs, Mask);
            case InputKind.LogProbs:
                Tensor given = torch.where(Mask.unsqueeze(2), inputs, torch.full_like(inputs, -Math.Log(inputs.shape[2])));
                return (given, given);
            case InputKind.Scores:
                return (FrameMask.LogProbsAndScores(inputs, Mask).LogProbs, Valid(inputs));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private FrameTargets TransformTargets(IReadOnlyList<ITargetTransform> transforms)
    {
        using var withoutGradient = torch.no_grad();
        Tensor outside = Mask.logical_and(Feasible.unsqueeze(0)).logical_not(), outsideTokens = outside.unsqueeze(2); // [T, B] and [T, B, 1]
        FrameTargets Masked(FrameTargets made) => new(made.Shares.masked_fill(outsideTokens, Zero), made.Weights.masked_fill(outside, Zero));

        var targets = new FrameTargets(Occupancy, outside.logical_not().to(Scores.dtype)); // the occupancy is 0 there already
        foreach (ITargetTransform transform in transforms)
        {
            FrameTargets before = targets;
            targets = Masked(calls.Make(transform, () => transform.Transform(before, DeclaredEvaluation.For(transform, this))));
        }

        return targets;
    }

    private Tensor Valid(Tensor scores) => FrameMask.Valid(scores, Mask);
}
