using Ctc.Engine.Alignment;

namespace Ctc.Engine.Objectives;

/// <summary>All that is computed of one batch, each quantity once and only when somebody asks. Tensors belong to the caller's dispose scope.</summary>
internal sealed class BatchEvaluation : Evaluation
{
    private readonly ForwardPass numerator;
    private readonly Lattice lattice;
    private readonly Lazy<Tensor> loss;
    private readonly Lazy<Tensor> occupancy;
    private readonly Lazy<Tensor> differentiableOccupancy;
    private readonly Lazy<Tensor> viterbiPath;

    public BatchEvaluation(ObjectiveParts parts, Tensor logits, Batch batch)
        : base(batch)
    {
        FrameMask.Check(logits, batch.Frames);
        if (logits.shape[2] != batch.Tokens) throw new ArgumentException($"The logits have {logits.shape[2]} tokens; expected {batch.Tokens}, as in the batch.");

        // float16 and bfloat16 are too coarse for sums over paths.
        if (logits.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.Float64)) logits = logits.to(torch.ScalarType.Float32);
        Tensor frames = FrameMask.Lengths(batch.Frames, logits.device);
        Mask = FrameMask.Of(frames, logits.shape[0]);
        LogProbs = Valid(logits).log_softmax(2);
        Scores = parts.Emissions.Aggregate(LogProbs, (scores, transform) => Valid(transform.Transform(scores, batch)));

        Lattices lattices = parts.Topology.Build(batch);
        lattice = parts.Lattice.Aggregate(lattices.Numerator, (numerator, transform) => transform.Transform(numerator, batch)).Cast(Scores.dtype, Scores.device);
        numerator = ForwardPass.Run(lattice, Scores, frames, Mask);
        Feasible = numerator.LogLikelihood.isneginf().logical_not();

        Tensor all = lattices.Denominator is { } denominator
            ? ForwardPass.Run(denominator.Cast(Scores.dtype, Scores.device), Scores, frames, Mask).LogLikelihood
            : torch.zeros_like(numerator.LogLikelihood);
        NegativeLogLikelihood = WhereFeasible(all - numerator.LogLikelihood);
        bool normalised = lattices.Denominator is not null || parts.Emissions.Count == 0;
        loss = new(() => normalised ? NegativeLogLikelihood : NegativeLogLikelihood + WhereFeasible(SumFrames(Scores.logsumexp(2))));

        differentiableOccupancy = new(numerator.Occupancy);
        occupancy = new(() =>
        {
            using var withoutGradient = torch.no_grad();
            return numerator.Occupancy();
        });
        viterbiPath = new(() => Viterbi.Align(lattice, Scores, Batch.Frames).Tokens);
    }

    public override Tensor Mask { get; }

    public override Tensor Feasible { get; }

    public override Tensor LogProbs { get; }

    public override Tensor Scores { get; }

    /// <summary>Gets [B] L of the scores that the lattice read, normalised or not; 0 where infeasible.</summary>
    public Tensor NegativeLogLikelihood { get; }

    public override Tensor Loss => loss.Value;

    public override Tensor Occupancy => occupancy.Value;

    /// <summary>Gets [T, B, V] γ, through which gradients flow.</summary>
    public Tensor DifferentiableOccupancy => differentiableOccupancy.Value;

    public override Tensor ViterbiPath => viterbiPath.Value;

    /// <summary>[B] values, with those of infeasible utterances replaced by 0, value and gradient.</summary>
    public Tensor WhereFeasible(Tensor values) => torch.where(Feasible, values, torch.zeros_like(values));

    private Tensor Valid(Tensor scores) => torch.where(Mask.unsqueeze(2), scores, torch.zeros_like(scores));
}
