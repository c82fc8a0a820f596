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

    internal BatchEvaluation(ObjectiveParts parts, Tensor inputs, Batch batch, InputKind kind, RecursionKind recursion, bool inOnePass)
        : base(batch)
    {
        FrameMask.Check(inputs, batch.Frames);
        long tokens = inputs.shape[2];
        if (tokens != batch.Tokens)
        {
            throw new ArgumentException($"The inputs have {tokens} tokens; expected {batch.Tokens}, as in the batch.", nameof(inputs));
        }

        // float16 and bfloat16 are too coarse for sums over paths.
        if (inputs.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.Float64)) inputs = inputs.to(torch.ScalarType.Float32);
        Tensor frames = FrameMask.Lengths(batch.Frames, inputs.device);
        Mask = FrameMask.Create(frames, inputs.shape[0]);
        bool asTheModelSays = kind != InputKind.Scores && parts.Emissions.Count == 0;

        Lattices lattices = parts.Topology.Build(batch);
        lattice = parts.Lattice.Aggregate(lattices.Numerator, (before, transform) => transform.Transform(before, batch));

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
            return (model, parts.Emissions.Aggregate(given, (before, transform) => Valid(transform.Transform(before, batch))));
        });
        inOnePass &= kind == InputKind.Logits && tokens >= Objective.LargeVocabulary && !parts.ReadLogProbs && lattices.Denominator is null
            && Recursion.Resolve(lattice, inputs, recursion) == RecursionKind.Fused;
        numerator = inOnePass
            ? LatticePosterior.Create(lattice, inputs, frames, recursion, logits: true)
            : LatticePosterior.Create(lattice, read.Value.Scores, frames, recursion);
        Feasible = numerator.LogLikelihood.isneginf().logical_not();
        Infeasible = Positions(Feasible);
        logProbs = Later(recording, () => Cut(read.Value.LogProbs));
        scores = asTheModelSays ? logProbs : Later(recording, () => Cut(read.Value.Scores));
        if (!inOnePass) _ = (logProbs.Value, scores.Value); // in the caller's dispose scope, not in that of the first reader

        Tensor all = lattices.Denominator is { } denominator
            ? LatticePosterior.Create(denominator, read.Value.Scores, frames, recursion).LogLikelihood
            : torch.zeros_like(numerator.LogLikelihood);
        NegativeLogLikelihood = WhereFeasible(all - numerator.LogLikelihood);
        bool normalised = lattices.Denominator is not null || asTheModelSays;
        loss = Later(recording, () => normalised
            ? NegativeLogLikelihood
            : NegativeLogLikelihood + WhereFeasible(SumFrames(LogSemiring.Sum(Scores, 2))));
        modelLogLikelihood = Later(recording, () =>
        {
            bool untransformed = asTheModelSays && parts.Lattice.Count == 0;
            if (untransformed) return numerator.LogLikelihood - all;
            Tensor Sum(Lattice paths) => LatticePosterior.Create(paths, read.Value.LogProbs, frames, recursion).LogLikelihood;
            return lattices.Denominator is { } whole ? Sum(lattices.Numerator) - Sum(whole) : Sum(lattices.Numerator);
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
    public Tensor LogLikelihood => numerator.LogLikelihood;

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

    /// <summary>[B] values, with those of infeasible utterances replaced by 0, value and gradient.</summary>
    internal Tensor WhereFeasible(Tensor values) => torch.where(Feasible, values, torch.zeros_like(values));

    // No gradient flows back from utterances without alignment.
    private Tensor Cut(Tensor values) => Infeasible.Count == 0 ? values : torch.where(Feasible.view(1, -1, 1), values, values.detach());

    private static int[] Positions(Tensor feasible)
    {
        if (feasible.numel() == 0) return [];
        bool[] onCpu = feasible.cpu().data<bool>().ToArray();
        return [.. Enumerable.Range(0, onCpu.Length).Where(b => !onCpu[b])];
    }

    // The model's log-probabilities, and the scores that the lattice reads before any transform: one tensor if they are equal.
    private (Tensor LogProbs, Tensor Scores) Read(Tensor inputs, InputKind kind)
    {
        Tensor valid = Valid(inputs);
        Tensor normalised = kind switch
        {
            InputKind.Logits => valid.log_softmax(2),
            InputKind.LogProbs => torch.where(Mask.unsqueeze(2), inputs, torch.full_like(inputs, -Math.Log(inputs.shape[2]))),
            // A frame whose scores are all −∞ makes its utterance infeasible; the result is not NaN.
            InputKind.Scores => torch.where(valid.isneginf().all(2, keepdim: true), torch.zeros_like(valid), valid).log_softmax(2),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (normalised, kind == InputKind.Scores ? valid : normalised);
    }

    private FrameTargets TransformTargets(IReadOnlyList<ITargetTransform> transforms)
    {
        using var withoutGradient = torch.no_grad();
        Tensor outside = Mask.logical_and(Feasible.unsqueeze(0)).logical_not(), outsideTokens = outside.unsqueeze(2); // [T, B] and [T, B, 1]
        FrameTargets Masked(FrameTargets made) => new(made.Shares.masked_fill(outsideTokens, Zero), made.Weights.masked_fill(outside, Zero));

        var targets = new FrameTargets(Occupancy, outside.logical_not().to(Scores.dtype)); // the occupancy is 0 there already
        foreach (ITargetTransform transform in transforms) targets = Masked(transform.Transform(targets, DeclaredEvaluation.For(transform, this)));
        return targets;
    }

    private Tensor Valid(Tensor scores) => FrameMask.Valid(scores, Mask);
}
