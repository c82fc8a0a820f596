using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Star;

/// <summary>Options of <c>otc</c>.</summary>
public sealed record OtcOptions
{
    /// <summary>Gets the log-score of a star between two tokens of the target, which reads what the target lacks. The paper's λ₁.</summary>
    /// <value>In nats, −100 to 100; the default is 0.</value>
    [Range(-100.0, 100.0)]
    public Schedule SelfLoop { get; init; } = 0.0;

    /// <summary>Gets the log-score of a star in the place of a token of the target, which may be wrong or too many. The paper's λ₂.</summary>
    /// <value>In nats, −100 to 100; the default is −5.</value>
    [Range(-100.0, 100.0)]
    public Schedule Bypass { get; init; } = -5.0;
}

/// <summary>CTC whose target may lack tokens, have wrong ones or too many: stars between its tokens and in their places.</summary>
[Part(
    "otc",
    typeof(OtcOptions),
    Summary = "CTC in which a star may be between the tokens of the target or in the place of one, for transcripts with errors of any kind.",
    Formula = "L = −ln Σ_x w(x) p_ctc(x), over the target with stars; ln p(star) = ln(1/(V−1) Σ_{v≠blank} p_v)",
    Paper = "Gao et al., Learning from Flawed Data: Weakly Supervised Automatic Speech Recognition, ASRU 2023, arXiv 2309.15796")]
internal sealed class Otc(OtcOptions options) : ITopology
{
    public Lattices Build(Batch batch)
    {
        long blank = batch.Blank ?? throw new ArgumentException("The topology otc needs a blank, and the batch has none.", nameof(batch));
        double selfLoop = options.SelfLoop.At(batch.Progress), bypass = options.Bypass.At(batch.Progress);
        Lattice lattice = Lattice.FromGraphs([.. batch.Targets.Select(target => WithStars(target, blank, batch.Tokens, selfLoop, bypass))]);
        using Scalar mean = -Math.Log(Math.Max(batch.Tokens - 1, 1)), left = blank, nothing = double.NegativeInfinity;
        var classes = new TokenClasses(
            rest: torch.full([batch.Size, 1], mean, torch.float64),
            tokens: torch.full([batch.Size, 1, 1], left, torch.int64),
            weights: torch.full([batch.Size, 1, 1], nothing, torch.float64));
        return new Lattices(new Lattice(lattice.Labels, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty)
        {
            Classes = classes, Positions = Positions(batch, lattice.Labels.shape[1]),
        });
    }

    // Of a token, and of the star in its place.
    private static Tensor Positions(Batch batch, long states)
    {
        var positions = new long[batch.Size, states];
        for (int b = 0; b < batch.Size; b++)
        {
            for (int s = 0; s < states; s++) positions[b, s] = s % 4 >= 2 && s / 4 < batch.Targets[b].Length ? s / 4 : -1;
        }

        return torch.tensor(positions);
    }

    // Before token u are the states 4u, the blank, and 4u + 1, a star between tokens; 4u + 2 reads the token, and 4u + 3 the star in its place.
    private static Graph WithStars(long[] target, long blank, long star, double selfLoop, double bypass)
    {
        long[] labels = [.. target.SelectMany(token => (long[])[blank, star, token, star]), blank, star];
        double Entry(int state) => (state % 4) switch { 1 => selfLoop, 3 => bypass, _ => 0 };
        int[] Before(int u) => [.. u > 0 ? [(4 * u) - 2, (4 * u) - 1] : Array.Empty<int>(), 4 * u, (4 * u) + 1]; // the first u tokens are read
        int[] Next(int u) => [.. Enumerable.Range(4 * u, u < target.Length ? 4 : 2)];

        // Every state may be held. From elsewhere equal labels need a blank between them, as under ctc.
        List<GraphArc> arcs = [.. Enumerable.Range(0, labels.Length).Select(state => new GraphArc(state, state))];
        for (int u = 0; u <= target.Length; u++)
        {
            int[] before = Before(u);
            foreach (int to in Next(u))
            {
                foreach (int from in before)
                {
                    if (labels[from] != labels[to]) arcs.Add(new GraphArc(from, to, Entry(to)));
                }
            }
        }

        return new Graph(
            labels,
            arcs,
            [.. Next(0).Select(state => new ScoredState(state, Entry(state)))],
            [.. Before(target.Length).Select(state => new ScoredState(state))],
            target.Length == 0 ? 0 : double.NegativeInfinity);
    }
}
