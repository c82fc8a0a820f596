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
    private readonly Lazy<Tensor> entropy;
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
        Tensor logProbs = Valid(logits).log_softmax(2);
        Tensor scores = parts.Emissions.Aggregate(logProbs, (before, transform) => Valid(transform.Transform(before, batch)));

        Lattices lattices = parts.Topology.Build(batch);
        lattice = parts.Lattice.Aggregate(lattices.Numerator, (before, transform) => transform.Transform(before, batch)).Cast(scores.dtype, scores.device);
        numerator = ForwardPass.Run(lattice, scores, frames, Mask);
        Feasible = numerator.LogLikelihood.isneginf().logical_not();
        Infeasible = Positions(Feasible);
        LogProbs = Cut(logProbs);
        Scores = parts.Emissions.Count == 0 ? LogProbs : Cut(scores);

        Tensor all = lattices.Denominator is { } denominator
            ? ForwardPass.Run(denominator.Cast(scores.dtype, scores.device), scores, frames, Mask).LogLikelihood
            : torch.zeros_like(numerator.LogLikelihood);
        NegativeLogLikelihood = WhereFeasible(all - numerator.LogLikelihood);

        // Whoever asks first, even where no gradients are recorded: these have a gradient if the likelihood has one.
        bool recording = torch.is_grad_enabled();
        Lazy<Tensor> Later(bool record, Func<Tensor> compute) => new(() =>
        {
            using var mode = torch.set_grad_enabled(record);
            return compute();
        });
        bool normalised = lattices.Denominator is not null || parts.Emissions.Count == 0;
        loss = Later(recording, () => normalised
            ? NegativeLogLikelihood
            : NegativeLogLikelihood + WhereFeasible(SumFrames(LogSemiring.Sum(Scores, 2))));
        differentiableOccupancy = Later(recording, numerator.Occupancy);
        occupancy = Later(record: false, numerator.Occupancy);
        entropy = Later(recording, () => WhereFeasible(numerator.Entropy()));
        viterbiPath = new(() => Viterbi.Align(lattice, scores, Batch.Frames).Tokens);
    }

    public override Tensor Mask { get; }

    public override Tensor Feasible { get; }

    /// <summary>Gets the positions of the utterances that have no alignment.</summary>
    public IReadOnlyList<int> Infeasible { get; }

    public override Tensor LogProbs { get; }

    public override Tensor Scores { get; }

    /// <summary>Gets [B] L of the scores that the lattice read, normalised or not; 0 where infeasible.</summary>
    public Tensor NegativeLogLikelihood { get; }

    public override Tensor Loss => loss.Value;

    public override Tensor Occupancy => occupancy.Value;

    /// <summary>Gets [T, B, V] γ, through which gradients flow.</summary>
    public Tensor DifferentiableOccupancy => differentiableOccupancy.Value;

    public override Tensor Entropy => entropy.Value;

    public override Tensor ViterbiPath => viterbiPath.Value;

    /// <summary>[B] values, with those of infeasible utterances replaced by 0, value and gradient.</summary>
    public Tensor WhereFeasible(Tensor values) => torch.where(Feasible, values, torch.zeros_like(values));

    // Whatever a part makes of an utterance without alignment, no gradient comes back from it.
    private Tensor Cut(Tensor scores) => Infeasible.Count == 0 ? scores : torch.where(Feasible.view(1, -1, 1), scores, scores.detach());

    private static int[] Positions(Tensor feasible)
    {
        bool[] onCpu = feasible.cpu().data<bool>().ToArray();
        return [.. Enumerable.Range(0, onCpu.Length).Where(b => !onCpu[b])];
    }

    private Tensor Valid(Tensor scores) => torch.where(Mask.unsqueeze(2), scores, torch.zeros_like(scores));
}
