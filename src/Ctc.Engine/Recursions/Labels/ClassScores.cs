using Ctc.Engine.Recursions.Differentiable;

namespace Ctc.Engine.Recursions.Labels;

/// <summary>What the classes of tokens of a batch read in each frame, by torch operations: the definition, with derivatives of any order.</summary>
/// <remarks>
/// <para>
/// The tokens that some class of an utterance lists are terms of their own; all others, weighted alike by every class, are one term, the remainder. A
/// class is the log-sum of these terms, each with its weight. A token that a class leaves out is never in a sum, so nothing cancels.
/// </para>
/// <para>O(T·B·(V + C·M)) time and memory, for M terms of an utterance.</para>
/// </remarks>
internal sealed class ClassScores
{
    private static readonly Scalar NegativeInfinity = double.NegativeInfinity;
    private static readonly Scalar PositiveInfinity = double.PositiveInfinity;
    private static readonly Scalar NotANumber = double.NaN;
    private static readonly Scalar Highest = long.MaxValue;

    private readonly Tensor scores, remaining, listed, places, weights, terms;
    private readonly long unused;

    /// <param name="classes">Of the type and on the device of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V]; finite in padding.</param>
    public ClassScores(TokenClasses classes, Tensor scores)
    {
        var tokens = ListedTokens.Create(classes, scores.shape[2]);
        (listed, places, unused) = (tokens.Tokens, tokens.Places, tokens.Count + 1);
        Tensor rest = classes.Rest.unsqueeze(2).expand(-1, -1, unused + 1);
        weights = rest.scatter(2, places, classes.Weights).narrow(2, 0, unused).masked_fill(tokens.Padding.unsqueeze(1), NegativeInfinity);
        Tensor broken = (scores < PositiveInfinity).logical_not();
        bool hasBroken = broken.any().item<bool>();
        this.scores = hasBroken ? scores.masked_fill(broken, NegativeInfinity) : scores;
        remaining = this.scores.masked_fill(tokens.IsListed, NegativeInfinity);
        terms = WithRemainder(LogSemiring.Sum(remaining, 2)).unsqueeze(2).Plus(weights.unsqueeze(0));
        Scores = LogSemiring.Sum(terms, 3);
        if (!hasBroken) return;

        // NaN in the classes that read it only, and not in a class beside them: neither value nor gradient.
        Tensor brokenTerms = torch.cat(
            [broken.gather(2, OfFrames(listed)), broken.logical_and(tokens.IsListed.logical_not()).any(2, keepdim: true)], 2);
        Tensor reads = brokenTerms.unsqueeze(2).logical_and(weights.isneginf().logical_not()).any(3);
        Scores = Scores.Plus(torch.zeros_like(Scores).masked_fill(reads, NotANumber));
    }

    /// <summary>Gets the score of each class.</summary>
    /// <value>[T, B, C]; −∞ with gradient 0 where no token of the class is possible, NaN where one is NaN or +∞.</value>
    public Tensor Scores { get; }

    /// <summary>Divides masses of classes among their tokens in proportion: the gradient of the scores, times the masses.</summary>
    /// <param name="masses">[T, B, C].</param>
    /// <returns>
    /// With respect to the scores of the tokens, [T, B, V]; to the weights of the rest, [B, C]; and to those of listed tokens, [B, C, K].
    /// </returns>
    public (Tensor OfTokens, Tensor OfRest, Tensor OfWeights) Divide(Tensor masses)
    {
        Tensor divided = masses.unsqueeze(3) * LogSemiring.Shares(terms, 3); // [T, B, C, M]
        Tensor byTerm = divided.sum(2); // [T, B, M]
        Tensor tokens = byTerm.narrow(2, unused - 1, 1) * LogSemiring.Shares(remaining, 2);
        tokens = tokens.scatter_add(2, OfFrames(listed), byTerm.narrow(2, 0, unused - 1));
        Tensor byWeight = torch.nn.functional.pad(divided.sum([0]), [0, 1]); // [B, C, M + 1], 0 for unused places
        return (tokens, byWeight.scatter(2, places, torch.zeros_like(byWeight)).sum(2), byWeight.gather(2, places));
    }

    /// <summary>Finds the best token of a class in each frame: of the highest score plus weight, the lowest token among equals.</summary>
    /// <param name="classes">[k, T, B] classes, of type int64.</param>
    /// <returns>[k, T, B] tokens.</returns>
    public Tensor FindBestTokens(Tensor classes)
    {
        (Tensor best, Tensor token) = remaining.max(2); // the first of equal ones
        Tensor ofClasses = WithRemainder(best).Plus(WeightsOf(classes));
        Tensor candidates = torch.cat([OfFrames(listed), token.unsqueeze(2)], 2).unsqueeze(0); // [1, T, B, M]
        Tensor isBest = ofClasses == ofClasses.amax([3], keepdim: true);
        return torch.where(isBest, candidates, torch.full_like(candidates, Highest)).amin([3]);
    }

    /// <summary>Draws a token of a class in each frame, each with its share.</summary>
    /// <param name="classes">[k, T, B] classes, of type int64.</param>
    /// <param name="chances">[k, T, B] in [0, 1), of type float64.</param>
    /// <returns>[k, T, B] tokens.</returns>
    public Tensor DrawTokens(Tensor classes, Tensor chances)
    {
        Tensor ofClasses = WithRemainder(LogSemiring.Sum(remaining, 2)).Plus(WeightsOf(classes));
        (Tensor term, Tensor within) = Choice.Pick(LogSemiring.Shares(ofClasses, 3), chances);
        Tensor padded = OfFrames(torch.nn.functional.pad(listed, [0, 1])).unsqueeze(0); // [1, T, B, M]
        Tensor tokens = padded.expand(classes.shape[0], -1, -1, -1).gather(3, term.unsqueeze(3)).squeeze(3);
        Tensor isRemaining = term.Is(unused - 1);
        var drawn = new List<Tensor>();
        foreach ((Tensor row, Tensor chance) in remaining.unbind(0).Zip(within.unbind(1)))
        {
            Tensor shares = LogSemiring.Shares(row, 1).unsqueeze(0).expand(chance.shape[0], -1, -1); // [k, B, V]
            bool isRead = isRemaining.select(1, drawn.Count).any().item<bool>();
            drawn.Add(isRead ? Choice.Pick(shares, chance).Place : torch.zeros_like(chance, torch.int64));
        }

        return torch.where(isRemaining, torch.stack(drawn, 1), tokens);
    }

    // [T, B, M] from [T, B].
    private Tensor WithRemainder(Tensor remainder) => torch.cat([scores.gather(2, OfFrames(listed)), remainder.unsqueeze(2)], 2);

    // [k, T, B, M]
    private Tensor WeightsOf(Tensor classes)
    {
        Tensor rows = classes.permute(2, 0, 1).flatten(1); // [B, k·T]
        Tensor ofRows = weights.gather(1, rows.unsqueeze(2).expand(-1, -1, weights.shape[2])); // [B, k·T, M]
        return ofRows.unflatten(1, [classes.shape[0], classes.shape[1]]).permute(1, 2, 0, 3);
    }

    private Tensor OfFrames(Tensor byUtterance) => byUtterance.unsqueeze(0).expand(scores.shape[0], -1, -1);
}
