using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Star;

/// <summary>Options of <c>star</c>.</summary>
public sealed record StarOptions
{
    /// <summary>Gets the factor on the probability of a path for each token that the target lacks. The paper's λ.</summary>
    /// <value>Unitless, 0 to 1; the default is 0.5. 0 allows no further token: the topology is then <c>selfless</c>.</value>
    [Range(0.0, 1.0)]
    public Schedule Penalty { get; init; } = 0.5;
}

/// <summary>Tokens that take one frame each, with any other tokens before, between and after those of the target: partial transcripts.</summary>
[Part(
    "star",
    typeof(StarOptions),
    Summary = "Accepts any tokens before, between and after those of the target, for transcripts in which tokens are missing.",
    Formula = "L = −ln Σ_π p(π) λ^{|π|−U}, over the paths whose tokens contain the target as a subsequence, |π| the number of tokens on π",
    Paper = "Pratap, Hannun, Synnaeve and Collobert, Star Temporal Classification, NeurIPS 2022, arXiv 2201.12208")]
internal sealed class Star(StarOptions options) : ITopology
{
    private static readonly Scalar Zero = 0L, One = 1L, Two = 2, None = -1;

    public Lattices Build(Batch batch)
    {
        Lattice selfless = Lattice.FromTargets(batch, "star", (_, state, step) => step switch
        {
            WovenTarget.Stay => !WovenTarget.IsToken(state),
            WovenTarget.Skip => WovenTarget.IsToken(state),
            _ => true,
        });

        // Where selfless reads the blank, state 2u reads class u: the blank, or at the penalty any token but the next one of the target. With the
        // next token among them, a path that says it twice would have two alignments and count twice.
        long states = selfless.Labels.shape[1], classes = (states + 1) / 2;
        using Scalar end = states, tokens = batch.Tokens, blank = batch.Blank!.Value, penalty = Math.Log(options.Penalty.At(batch.Progress));
        Tensor state = torch.arange(Zero, end, One), next = torch.full([batch.Size, classes], None, torch.int64); // none: behind the last token
        for (int b = 0; b < batch.Size; b++)
        {
            for (int u = 0; u < batch.Targets[b].Length; u++) next[b, u] = batch.Targets[b][u];
        }

        return new Lattices(selfless
            .WithLabels(torch.where(state % Two == Zero, (state / Two).to(torch.int64).add(tokens, One), selfless.Labels))
            .WithClasses(new TokenClasses(
                rest: torch.full([batch.Size, classes], penalty, torch.float64),
                tokens: torch.stack([torch.full_like(next, blank), next], 2), // [B, C, 2]
                weights: torch.tensor([0, double.NegativeInfinity]).expand(batch.Size, classes, 2))));
    }

    // No two frames are merged.
    public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary) => [.. path.ToArray().SelectMany(vocabulary.Spelling)];
}
