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
/// <remarks>
/// A token that is entered in frame t is not entered in t frames. So where a state says how many tokens a path into it has entered, as in the
/// lattice of a target, its share of the penalty is the same in every frame: no score need depend on time.
/// </remarks>
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
        using Scalar blank = batch.Blank ?? -1; // -1: no label
        Tensor token = (numerator.Labels != blank).to(scores.dtype); // [B, S]
        Tensor entries = ComesFromElsewhere(numerator.Arcs) * token; // [K, B, S]
        Tensor entered = token.cumsum(1); // [B, S] the tokens that a path into each state has entered, if all enter as many
        return EnterAsMany(numerator, token, entries, entered)
            ? ScoreStates(numerator, batch, lambda, entered)
            : ScoreEntries(numerator, batch, lambda, token, entries);
    }

    private static bool EnterAsMany(Lattice numerator, Tensor token, Tensor entries, Tensor entered)
    {
        Tensor impossible = numerator.Arcs.Scores.isneginf();
        if (impossible.dim() == 4) impossible = impossible.all(0);
        return (entered - numerator.Arcs.AtSource(entered) == entries).logical_or(impossible).all().item<bool>()
            && (entered == token).logical_or(numerator.Initial.isneginf()).all().item<bool>();
    }

    // Σ t over the entries = Σ over the frames of the tokens that are entered later = N·(tokens of the path) − Σ over the frames of those entered.
    private static Lattice ScoreStates(Lattice numerator, Batch batch, double lambda, Tensor entered)
    {
        using Scalar gain = lambda;
        Tensor left = torch.tensor([.. batch.Frames.Select(length => (double)(length - (length / 2)))], entered.dtype, entered.device); // [B]
        Tensor ofFrame = entered * gain; // [B, S]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(numerator.Arcs.Scores.add(ofFrame, One)))
            .WithInitial(numerator.Initial.add(ofFrame, One))
            .WithFinal(numerator.Final - (ofFrame * left.unsqueeze(1)));
    }

    private static Lattice ScoreEntries(Lattice numerator, Batch batch, double lambda, Tensor token, Tensor entries)
    {
        Tensor scores = numerator.Arcs.Scores;
        long frames = scores.dim() == 4 ? scores.shape[0] : batch.Frames.Append(1).Max();
        using Scalar factor = -lambda;
        Tensor penalty = Delays(frames, batch, scores) * factor; // [T, B]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(scores.addcmul(penalty.view(frames, 1, batch.Size, 1), entries, One)))
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
