using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the cost of a blank, subtracted from its log-probability in each frame.</summary>
    /// <value>Nats, −100 to 100; the default is 0.5. More reads more tokens, less reads fewer, and 0 is the decoder best-path.</value>
    [Range(-100.0, 100.0)]
    public double Cost { get; init; } = 0.5;
}

/// <summary>Decodes by the best path after a cost for the blank.</summary>
[Part(
    "my-part",
    typeof(MyPartOptions),
    Summary = "The best path after a cost for the blank, spelled.",
    Formula = "spell(argmax_π Σ_t y_t(π_t) − cost · [π_t = blank])",
    Needs = Needs.Recursion)]
internal sealed class MyPart(MyPartOptions options) : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
    {
        Tensor scores = reading.LogProbs.clone(); // [T, B, V]; what is read must not be changed
        if (reading.Batch.Blank is { } blank) scores.select(2, blank).sub_(options.Cost);

        // A topology with a lattice of every path is searched as its paths are; else each frame has its own best token.
        BatchPaths best = reading.Everything is { } all ? reading.Distribution(all, scores).Best : Likeliest(scores, reading.Mask);
        IReadOnlyList<long[]> tokens = reading.Spell(best)[0];
        return [.. tokens.Select((read, b) => new[] { new Hypothesis(read, best.Scores[0, b].ToDouble()) })];
    }

    private static BatchPaths Likeliest(Tensor scores, Tensor mask)
    {
        (Tensor largest, Tensor tokens) = scores.max(2); // [T, B]
        Tensor padding = mask.logical_not();
        return new BatchPaths(null, tokens.masked_fill(padding, -1).unsqueeze(0), largest.masked_fill(padding, 0).sum([0]).unsqueeze(0));
    }
}
