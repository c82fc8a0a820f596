using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;

namespace Ctc.Engine.Objectives;

/// <summary>All quantities of one batch, each computed lazily and once. Tensors belong to the caller's dispose scope.</summary>
public sealed class BatchEvaluation : ObjectiveEvaluation
{
    private static readonly Scalar Zero = 0.0;

    private readonly BatchReading reading;
    private readonly Lazy<Tensor> logProbs;
    private readonly Lazy<Tensor> scores;
    private readonly Lazy<Tensor> loss;
    private readonly Lazy<Tensor> modelLogLikelihood;
    private readonly Lazy<Tensor> occupancy;
    private readonly Lazy<Tensor> differentiableOccupancy;
    private readonly Lazy<Tensor> entropy;
    private readonly Lazy<ViterbiAlignment> viterbi;
    private readonly Lazy<FrameTargets> targets;
    private readonly Lazy<LatticeDistribution> paths;

    /// <param name="reading">The batch, with its targets.</param>
    /// <param name="forLoss">
    /// Whether the loss alone is wanted: the likelihood may be computed from logits, without a log-softmax, and what no part reads is not computed.
    /// </param>
    internal BatchEvaluation(BatchReading reading, bool forLoss)
        : base(reading.Batch)
    {
        this.reading = reading;
        (EvaluationSettings settings, ModelOutput model) = (reading.Settings, reading.Model);
        (ObjectiveParts parts, InputKind kind, bool recording) = (settings.Parts, model.Kind, reading.Recording);
        bool asTheModelSays = kind != InputKind.Scores && parts.Emissions.Count == 0;

        (Lattices lattices, Lattice lattice) = parts.Build(Batch, reading.Calls, model.Type, model.Device);
        Lattice? allPaths = lattices.Denominator;

        EvaluationPlan plan =
            EvaluationPlan.Create(parts, lattice, allPaths, kind, model.Type, model.Device, settings.Recursion);
        bool inChunks = forLoss && settings.TakesChunks(model.Linear, plan);
        bool inOnePass = forLoss && plan.AllowsOnePass && Batch.Tokens >= Objective.LargeVocabulary;
        LatticePosterior Posterior(Lattice of, Tensor scores) => settings.Posterior(of, scores, model.Lengths);
        Lazy<LatticePosterior> numerator = Later.Compute(recording, () => inOnePass && !inChunks
            ? settings.Posterior(lattice, model.Inputs, model.Lengths, logits: true)
            : Posterior(lattice, reading.UnmaskedScores));
        Tensor ofTargets = inChunks ? settings.LikelihoodInChunks(lattice, model, Batch, reading.Calls) : numerator.Value.LogLikelihood;
        Feasible = ofTargets.isneginf().logical_not();
        Infeasible = Positions(Feasible);
        logProbs = Later.Compute(recording, () => Cut(reading.LogProbs));
        scores = Later.Compute(
            recording, () => ReferenceEquals(reading.LogProbs, reading.Scores) ? logProbs.Value : Cut(reading.Scores));
        bool isRead = !inOnePass && !inChunks && !(forLoss && parts.NeedLikelihoodAlone);
        if (isRead) _ = (logProbs.Value, scores.Value); // in the caller's dispose scope, not in that of the first reader

        Tensor all = allPaths is not null
            ? Posterior(allPaths, reading.UnmaskedScores).LogLikelihood
            : torch.zeros_like(ofTargets);
        Func<Tensor>? isNormalised = kind == InputKind.Logits && asTheModelSays ? null : () => model.AreNormalised(reading.UnmaskedScores);
        LogLikelihood = allPaths is null
            ? LikelihoodBound.Apply(ofTargets, lattice, Batch.Tokens, isNormalised)
            : ofTargets;
        NegativeLogLikelihood = WhereFeasible(all - LogLikelihood);
        bool normalised = allPaths is not null || asTheModelSays;
        loss = Later.Compute(recording, () => normalised
            ? NegativeLogLikelihood
            : -LikelihoodBound.Apply(-NegativeLogLikelihood.Plus(WhereFeasible(SumFrames(LogSemiring.Sum(Scores, 2)))), lattice, Batch.Tokens));
        modelLogLikelihood = Later.Compute(recording, () =>
        {
            bool untransformed = asTheModelSays && parts.Lattice.Count == 0;
            if (untransformed) return LogLikelihood - all;
            Tensor Sum(Lattice paths) => Posterior(paths, reading.LogProbs).LogLikelihood;
            if (lattices.Denominator is { } whole) return Sum(lattices.Numerator) - Sum(whole);
            Func<Tensor>? areProbabilities = kind == InputKind.LogProbs ? () => model.AreNormalised(reading.LogProbs) : null;
            return LikelihoodBound.Apply(Sum(lattices.Numerator), lattices.Numerator, Batch.Tokens, areProbabilities);
        });
        differentiableOccupancy = Later.Compute(recording, () => numerator.Value.Occupancy());
        occupancy = Later.Compute(record: false, () => numerator.Value.Occupancy());
        entropy = Later.Compute(recording, () => WhereFeasible(numerator.Value.Entropy()));
        viterbi = new(() => Viterbi.Align(lattice, reading.Scores, Batch.Frames, settings.Recursion));
        targets = new(() => TransformTargets(parts.Targets));
        // Shares are the same from logits as from scores; paths and their scores are found from scores.
        paths = Later.Compute(
            recording,
            () => new LatticeDistribution(
                lattice, inOnePass ? Posterior(lattice, reading.Scores) : numerator.Value, () => reading.Scores, Batch, settings.Recursion));
    }

    /// <inheritdoc/>
    public override Tensor Mask => reading.Mask;

    /// <inheritdoc/>
    public override Tensor Feasible { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Infeasible { get; }

    /// <inheritdoc/>
    public override Tensor LogProbs => logProbs.Value;

    /// <inheritdoc/>
    public override Tensor Scores => scores.Value;

    /// <inheritdoc/>
    public override Tensor LogLikelihood { get; }

    /// <inheritdoc/>
    public override Tensor NegativeLogLikelihood { get; }

    /// <inheritdoc/>
    public override Tensor Loss => loss.Value;

    /// <summary>
    /// Gets [B] ln p(target) in nats, under the model's own log-probabilities and the topology alone: without emission and lattice transforms, so
    /// that it is a function of the model and not of the objective. −∞ where the topology has no alignment.
    /// </summary>
    public Tensor ModelLogLikelihood => modelLogLikelihood.Value;

    /// <inheritdoc/>
    public override Tensor Occupancy => occupancy.Value;

    /// <inheritdoc/>
    public override Tensor DifferentiableOccupancy => differentiableOccupancy.Value;

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
    public override Lattice? Everything => reading.Everything;

    /// <inheritdoc/>
    public override PathDistribution Numerator => paths.Value;

    /// <inheritdoc/>
    internal override EvaluationSettings Settings => reading.Settings;

    /// <inheritdoc/>
    public override Tensor Stream(string name) => Cut(reading.Stream(name));

    /// <inheritdoc/>
    public override Tensor LogProbsOf(string stream) => Cut(reading.LogProbsOf(stream));

    /// <inheritdoc/>
    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null) => reading.Distribution(lattice, scores ?? Scores);

    /// <inheritdoc/>
    public override BatchPaths Draw(int count) => reading.Draw(count);

    /// <inheritdoc/>
    public override BatchPaths FindBest(int count) => reading.FindBest(count);

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => reading.Spell(paths);

    /// <inheritdoc/>
    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null) =>
        new BatchEvaluation(reading.With(targets, logProbs), forLoss: false);

    /// <inheritdoc cref="BatchReading.Draw(int, string)"/>
    internal override BatchPaths Draw(int count, string purpose) => reading.Draw(count, purpose);

    // No gradient flows back from utterances without alignment.
    private Tensor Cut(Tensor values) => Infeasible.Count == 0 ? values : torch.where(Feasible.view(1, -1, 1), values, values.detach());

    private FrameTargets TransformTargets(IReadOnlyList<ITargetTransform> transforms)
    {
        using var withoutGradient = torch.no_grad();
        Tensor outside = Mask.logical_and(Feasible.unsqueeze(0)).logical_not(), outsideTokens = outside.unsqueeze(2); // [T, B] and [T, B, 1]
        FrameTargets Masked(FrameTargets made) => new(made.Shares.masked_fill(outsideTokens, Zero), made.Weights.masked_fill(outside, Zero));

        var targets = new FrameTargets(Occupancy, outside.logical_not().to(Scores.dtype)); // the occupancy is 0 there already
        foreach (ITargetTransform transform in transforms)
        {
            FrameTargets before = targets;
            targets = Masked(reading.Calls.Make(transform, () => transform.Transform(before, PartEvaluation.For(transform, this))));
        }

        return targets;
    }
}
