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
    private const long None = -1;

    public Lattices Build(Batch batch)
    {
        Lattice selfless = Lattice.FromTargets(batch, "star", (_, state, step) => step switch
        {
            WovenTarget.Stay => !WovenTarget.IsToken(state),
            WovenTarget.Skip => WovenTarget.IsToken(state),
            _ => true,
        });

        // Where selfless reads the blank, state 2u reads a class: the blank, or at the penalty any token but the next one of the target. With the
        // next token among them, a path that says it twice would have two alignments and count twice. Equal next tokens are one class.
        using Scalar penalty = Math.Log(options.Penalty.At(batch.Progress)), blank = batch.Blank!.Value;
        long[][] distinct = [.. batch.Targets.Select(target => target.Append(None).Distinct().ToArray())]; // None: behind the last token
        int classes = distinct.Select(own => own.Length).Append(1).Max(), states = (int)selfless.Labels.shape[1];
        var next = new long[batch.Size, classes];
        long[] labels = [.. selfless.Labels.data<long>()]; // [B, S]
        for (int b = 0; b < batch.Size; b++)
        {
            Dictionary<long, int> number = distinct[b].Select((token, c) => (token, c)).ToDictionary(own => own.token, own => own.c);
            for (int c = 0; c < classes; c++) next[b, c] = c < distinct[b].Length ? distinct[b][c] : None;
            for (int u = 0; u <= batch.Targets[b].Length; u++)
            {
                labels[(b * states) + (2 * u)] = batch.Tokens + number[u < batch.Targets[b].Length ? batch.Targets[b][u] : None];
            }
        }

        Tensor listed = torch.tensor(next); // [B, C]
        return new Lattices(selfless.WithLabels(torch.tensor(labels, selfless.Labels.shape)).WithClasses(new TokenClasses(
            rest: torch.full([batch.Size, classes], penalty, torch.float64),
            tokens: torch.stack([torch.full_like(listed, blank), listed], 2), // [B, C, 2]
            weights: torch.tensor([0, double.NegativeInfinity]).expand(batch.Size, classes, 2))));
    }

    // No two frames are merged.
    public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary) => [.. path.ToArray().SelectMany(vocabulary.Spelling)];
}
