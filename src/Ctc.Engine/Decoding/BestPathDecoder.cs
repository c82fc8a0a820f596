using Ctc.Engine.Paths;

namespace Ctc.Engine.Decoding;

/// <summary>Decodes by the best path of the topology, which is then spelled.</summary>
/// <remarks>
/// Under a topology with a lattice of every path, such as one with learned transitions, that is the best path of this lattice under the model's own
/// log-probabilities; otherwise the most likely token of each frame. Under a transducer it is greedy: in each frame the most likely token, given
/// those before, until it is the blank. Emission transforms are not applied: they shape training. Source: Graves et al., ICML 2006, section 3.2
/// ("best path decoding").
/// </remarks>
[Part(
    "best-path",
    Summary = "The best path of the topology, spelled: one hypothesis.",
    Formula = "spell(argmax_π Σ_t y_t(π_t) + arcs)",
    Paper = "Graves et al., Connectionist Temporal Classification, ICML 2006",
    Needs = Needs.Recursion)]
public sealed class BestPathDecoder : IDecoder, ITransducerDecoder
{
    /// <inheritdoc/>
    /// <returns>
    /// One hypothesis for each utterance. It has no path where there is none, for example where a score is NaN; then it has no tokens.
    /// </returns>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        using DisposeScope scope = torch.NewDisposeScope();
        BatchPaths best = reading.Everything is { } all
            ? reading.Distribution(all, reading.LogProbs).Best
            : BestPath.OfTokens(reading.LogProbs, reading.Mask);
        IReadOnlyList<long[]> spelled = reading.Spell(best)[0];
        double[] scores = Numbers<double>(best.Scores.to(torch.float64));
        long[][] paths = [.. Numbers<long>(best.Tokens[0].transpose(0, 1)).Chunk(Math.Max((int)best.Tokens.shape[1], 1))];
        return [.. reading.Batch.Frames.Select((frames, b) => new[] { new Hypothesis(spelled[b], scores[b]) { Path = Path(b, (int)frames) } })];

        static T[] Numbers<T>(Tensor values)
            where T : unmanaged => values.numel() == 0 ? [] : values.contiguous().cpu().data<T>().ToArray(); // an accessor of no numbers throws

        long[]? Path(int b, int frames) => frames == 0 ? [] : paths[b][..frames] is var path && !path.Contains(-1) ? path : null;
    }

    /// <inheritdoc/>
    bool ITransducerDecoder.ReadsFrames => true;

    /// <inheritdoc/>
    IReadOnlyList<IReadOnlyList<Hypothesis>> ITransducerDecoder.Decode(TransducerReading reading) => reading.Decode(utterance =>
    {
        TransducerPath read = TransducerDecoder.Greedy(
            utterance, reading.Batch.Blank!.Value, TransducerDecoder.DefaultTokensPerFrame, reading.IsMonotonic);
        return [new Hypothesis(read.Tokens, read.Score) { Frames = read.Frames }];
    });
}
