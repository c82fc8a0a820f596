using Ctc.Engine.Frames;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;

namespace Ctc.Engine.Objectives;

/// <summary>The quantities of one batch of a transducer, each computed lazily and once. Tensors belong to the caller's dispose scope.</summary>
/// <remarks>What is of a frame and a token alone, [T, B, V], does not exist: reading it throws.</remarks>
public sealed class TransducerEvaluation : ObjectiveEvaluation
{
    private readonly TransducerOutput output;
    private readonly bool isMonotonic;
    private readonly Lazy<Tensor> entropy;
    private readonly Lazy<TransducerOccupancy> places;
    private readonly Lazy<IReadOnlyList<TransducerPath>> alignments;

    /// <param name="settings">The parts, and the recursion to use.</param>
    /// <param name="output">The inputs of the joint network.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="fastEmit">FastEmit's λ.</param>
    /// <param name="isMonotonic">Whether each frame emits one token or the blank.</param>
    internal TransducerEvaluation(
        EvaluationSettings settings, TransducerOutput output, Batch batch, double fastEmit, bool isMonotonic = false)
        : base(batch)
    {
        (Settings, this.output, this.isMonotonic) = (settings, output, isMonotonic);
        bool recording = torch.is_grad_enabled();
        LogLikelihood = isMonotonic
            ? MonotonicRecursion.LogLikelihood(batch, ReadLogProbs(batch, output), settings.Recursion, fastEmit)
            : TransducerRecursion.LogLikelihoodFromJoint(batch, output, settings.Recursion, fastEmit);
        Feasible = LogLikelihood.isneginf().logical_not();
        Infeasible = Positions(Feasible);
        NegativeLogLikelihood = WhereFeasible(-LogLikelihood);
        Mask = FrameMask.Create(FrameMask.Lengths(batch.Frames, output.Frames.device), output.Frames.shape[1]);
        entropy = Later.Compute(recording, () => WhereFeasible(FindEntropy(recording)));
        places = new(FindPlaces);
        alignments = new(() => [.. Enumerable.Range(0, batch.Size).Select(Align)]);
    }

    /// <inheritdoc/>
    public override Tensor Mask { get; }

    /// <inheritdoc/>
    public override Tensor Feasible { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Infeasible { get; }

    /// <inheritdoc/>
    public override Tensor LogLikelihood { get; }

    /// <inheritdoc/>
    public override Tensor NegativeLogLikelihood { get; }

    /// <inheritdoc/>
    public override Tensor Loss => NegativeLogLikelihood;

    /// <inheritdoc/>
    /// <remarks>With a gradient, it computes the log-probabilities of the whole batch as one tensor.</remarks>
    public override Tensor Entropy => entropy.Value;

    /// <inheritdoc/>
    public override TransducerOccupancy Places => places.Value;

    /// <summary>Gets the best alignment of each utterance with its target.</summary>
    public IReadOnlyList<TransducerPath> Alignments => alignments.Value;

    /// <summary>Averages the probabilities of the next token over the places of a frame, weighted by the alignments that visit them.</summary>
    /// <param name="b">The position of an utterance.</param>
    /// <returns>[N, V] without gradient: each row sums to 1, or is 0 where there is no alignment.</returns>
    public Tensor AveragePosteriors(int b)
    {
        using var withoutGradient = torch.no_grad();
        TransducerOccupancy visited = Places; // in the caller's dispose scope
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor probabilities = Alone(b, (_, logProbs, _) => logProbs.squeeze(0).exp()); // [N, U+1, V]
        (long frames, long columns) = (probabilities.shape[0], probabilities.shape[1]);
        Tensor visits = visited.Blanks.Plus(visited.Tokens).select(0, b).narrow(0, 0, frames).narrow(1, 0, columns).unsqueeze(2);
        Tensor total = visits.sum([1L]);
        Tensor average = (probabilities * visits).sum([1L]) / total;
        return torch.where(total.gt(Scalars.Zero), average, torch.zeros_like(average)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor LogProbs => throw new NoFrameScoresException("the log-probabilities");

    /// <inheritdoc/>
    public override Tensor Scores => throw new NoFrameScoresException("the scores");

    /// <inheritdoc/>
    public override Tensor Occupancy => throw new NoFrameScoresException("the share of each token");

    /// <inheritdoc/>
    public override Tensor DifferentiableOccupancy => throw new NoFrameScoresException("the share of each token");

    /// <inheritdoc/>
    public override Tensor ViterbiPath => throw new NoFrameScoresException("the token on the best alignment");

    /// <inheritdoc/>
    public override PathDistribution Numerator => throw new NoFrameScoresException("the arcs of a lattice");

    /// <inheritdoc/>
    public override Lattice? Everything => throw new NoFrameScoresException("the arcs of a lattice");

    /// <inheritdoc/>
    internal override EvaluationSettings Settings { get; }

    /// <inheritdoc/>
    public override Tensor Stream(string name) => throw new NoFrameScoresException("a stream");

    /// <inheritdoc/>
    public override Tensor LogProbsOf(string stream) => throw new NoFrameScoresException("a stream");

    /// <inheritdoc/>
    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null) =>
        throw new NoFrameScoresException("the arcs of a lattice");

    /// <inheritdoc/>
    public override BatchPaths Draw(int count) => throw new NoFrameScoresException("a token drawn in place");

    /// <inheritdoc/>
    public override BatchPaths FindBest(int count) => throw new NoFrameScoresException("the token on the best paths");

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => throw new NoFrameScoresException("a token");

    /// <inheritdoc/>
    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null) =>
        throw new NoFrameScoresException("other log-probabilities");

    /// <inheritdoc/>
    internal override BatchPaths Draw(int count, string purpose) => Draw(count);

    // With a gradient all log-probabilities are kept; without one, those of an utterance at a time exist.
    private Tensor FindEntropy(bool recording)
    {
        Func<Batch, Tensor, RecursionKind, Tensor> entropy = isMonotonic ? MonotonicRecursion.Entropy : TransducerRecursion.Entropy;
        if (recording || Batch.Size == 0) return entropy(Batch, ReadLogProbs(Batch, output), Settings.Recursion);
        return torch.cat([.. Enumerable.Range(0, Batch.Size).Select(b => Alone(b, entropy))]);
    }

    private TransducerOccupancy FindPlaces()
    {
        using var withoutGradient = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        long[] shape = [Batch.Size, output.Frames.shape[1], output.Predictions.shape[1]];
        Tensor blanks = torch.zeros(shape, output.Frames.dtype, output.Frames.device), tokens = torch.zeros_like(blanks);
        for (int b = 0; b < Batch.Size; b++)
        {
            using DisposeScope ofUtterance = torch.NewDisposeScope();
            TransducerOccupancy own = Alone<TransducerOccupancy>(b, isMonotonic ? MonotonicRecursion.Occupancy : TransducerRecursion.Occupancy);
            Place(blanks, b, own.Blanks);
            Place(tokens, b, own.Tokens);
        }

        return new TransducerOccupancy(blanks.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope());

        static void Place(Tensor all, int b, Tensor own) =>
            all.select(0, b).narrow(0, 0, own.shape[1]).narrow(1, 0, own.shape[2]).copy_(own.squeeze(0));
    }

    private TransducerPath Align(int b)
    {
        using var withoutGradient = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        return Alone<IReadOnlyList<TransducerPath>>(b, isMonotonic ? TransducerViterbi.AlignMonotonic : TransducerViterbi.Align)[0];
    }

    // Computes a quantity of one utterance.
    private T Alone<T>(int b, Func<Batch, Tensor, RecursionKind, T> compute)
    {
        var alone = new Batch([Batch.Targets[b]], [Batch.Frames[b]], Batch.Vocabulary, Batch.Progress, [Batch.Names[b]], null);
        Tensor frames = output.Frames.narrow(0, b, 1).narrow(1, 0, Batch.Frames[b]);
        Tensor predictions = output.Predictions.narrow(0, b, 1).narrow(1, 0, Batch.Targets[b].Length + 1);
        return compute(alone, ReadLogProbs(alone, new TransducerOutput(frames, predictions, output.Weight, output.Bias)), Settings.Recursion);
    }

    private static Tensor ReadLogProbs(Batch batch, TransducerOutput output) =>
        TransducerInputs.WithoutPadding(batch, output).ComputeLogits().log_softmax(3);
}
