using System.ComponentModel.DataAnnotations;
using Ctc;

namespace DelayPenalty;

/// <summary>Options of <c>delay-penalty</c>.</summary>
public sealed record DelayPenaltyOptions
{
    /// <summary>Gets the cost of a frame of delay, for each token.</summary>
    /// <value>In nats a frame, −10 to 10; the default is 0.003. 0 is plain CTC; a negative number rewards delay. The paper's λ.</value>
    [Range(-10.0, 10.0)]
    public Schedule Lambda { get; init; } = 0.003;
}

/// <summary>Penalises paths by the frames in which they enter the tokens of the target, counted from the middle of the utterance.</summary>
[Part(
    "delay-penalty",
    typeof(DelayPenaltyOptions),
    Summary = "Penalises alignments that emit their tokens late.",
    Formula = "w_t = w − λ(t − ⌊N/2⌋) for an arc that enters a token's state in frame t",
    Paper = "Yao et al., Delay-penalized CTC Implemented Based on Finite State Transducer, Interspeech 2023, arXiv 2305.11539",
    Neutral = "lambda: 0")]
internal sealed class DelayPenalty(DelayPenaltyOptions options) : ILatticeTransform
{
    private static readonly Scalar Zero = 0L, One = 1L;

    public Lattice Transform(Lattice numerator, Batch batch)
    {
        double lambda = options.Lambda.At(batch.Progress);
        if (lambda == 0) return numerator;

        Tensor scores = numerator.Arcs.Scores; // [K, B, S], or [T, K, B, S]
        long frames = scores.dim() == 4 ? scores.shape[0] : batch.Frames.Append(1).Max();
        using Scalar blank = batch.Blank ?? -1, factor = -lambda; // -1: no label
        Tensor token = numerator.Labels != blank; // [B, S]
        Tensor penalty = Delays(frames, batch, scores) * factor; // [T, B]
        Tensor entries = ComesFromElsewhere(numerator.Arcs).logical_and(token).to(scores.dtype); // [K, B, S]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(scores.add(penalty.view(frames, 1, batch.Size, 1) * entries, One)))
            .WithInitial(numerator.Initial.add(penalty[0].unsqueeze(1) * token, One)); // a path that starts in a token enters it in frame 0
    }

    // t − ⌊N/2⌋
    private static Tensor Delays(long frames, Batch batch, Tensor like)
    {
        Tensor middle = torch.tensor([.. batch.Frames.Select(length => (double)(length / 2))], like.dtype, like.device); // [B]
        return Range(frames, like.dtype, like.device).unsqueeze(1) - middle;
    }

    // [K, 1 or B, 1 or S]: whether the arc is no self-loop.
    private static Tensor ComesFromElsewhere(Arcs arcs) => arcs switch
    {
        BandedArcs banded =>
            torch.tensor([.. banded.Offsets.Select(offset => offset != 0)], [banded.Offsets.Count, 1, 1], device: arcs.Scores.device),
        IndexedArcs indexed => indexed.Sources != Range(indexed.Sources.shape[2], torch.int64, indexed.Sources.device),
        _ => throw new NotSupportedException($"The lattice transform delay-penalty supports banded and indexed arcs; found {arcs.GetType().Name}."),
    };

    private static Tensor Range(long end, torch.ScalarType type, torch.Device device)
    {
        using Scalar held = end;
        return torch.arange(Zero, held, One, type, device);
    }
}
