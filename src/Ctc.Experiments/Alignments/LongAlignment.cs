using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Alignments;

/// <summary>The alignment of a long utterance, whose posteriors of all states would not fit into memory.</summary>
/// <remarks>
/// The best path is that of the whole. Confidences and expected times are those of pieces of it, each with a few tokens around, that begin and end
/// where the best path does: of all paths those count that agree with the best one there. A best path is the best one of each of its pieces too.
/// </remarks>
internal static class LongAlignment
{
    private const int TokensAround = 16, TokensOfPiece = 128;

    /// <summary>Aligns one utterance.</summary>
    /// <param name="objective">What aligns.</param>
    /// <param name="logits">[N, 1, V] what it reads.</param>
    /// <param name="batch">Its target.</param>
    /// <param name="id">The id.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="words">The words of its target; null for what is between spaces.</param>
    /// <param name="tokensOfPiece">The tokens of a piece, without those around.</param>
    /// <returns>
    /// Null if the topology allows no pieces: its arcs do not lead through the tokens one after the other, or lattice transforms may change them.
    /// </returns>
    public static AlignedUtterance? Find(
        AligningObjective objective, Tensor logits, Batch batch, string id, EdgeKind edges, IReadOnlyList<SymbolWord>? words,
        int tokensOfPiece = TokensOfPiece)
    {
        if (objective.HasLatticeTransforms) return null;
        Lattices lattices = objective.Topology.Build(batch);
        if (lattices is not { Numerator: { Arcs: BandedArcs, Positions: not null } lattice, Denominator: null }) return null;
        using Tensor scores = objective.ScoreFrames(logits, batch);
        using ViterbiAlignment best = Viterbi.Align(lattice, scores, batch.Frames);
        double score = best.Score.to(torch.float64).item<double>();
        if (!double.IsFinite(score))
        {
            return new AlignedUtterance(id, batch.Frames[0], null, null, null)
            {
                Problem = InfeasibleException.Describe(batch, [0], objective.Topology, shown: 1),
            };
        }

        if (TokenSpans.FromPaths(batch, lattice, best.States, best.Tokens, [true])[0] is not { } spans) return null;
        var tokens = new List<AlignedToken>();
        while (tokens.Count < spans.Length)
        {
            int first = tokens.Count, end = Math.Min(first + tokensOfPiece, spans.Length);
            tokens.AddRange(Piece(first, end));
        }

        string[] symbols = [.. tokens.Select(token => token.Symbol)];
        IReadOnlyList<SymbolWord>? known = words ?? (SpacedWords.AreIn(symbols) ? SpacedWords.Find(symbols) : null);
        return new AlignedUtterance(id, batch.Frames[0], score, tokens, known is null ? null : AlignedWord.FromTokens(known, [.. tokens]));

        // The tokens from one to another, without the latter.
        IEnumerable<AlignedToken> Piece(int first, int end)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            int from = Math.Max(first - TokensAround, 0), to = Math.Min(end + TokensAround, spans.Length);
            int start = from == 0 ? 0 : spans[from].Start, stop = to == spans.Length ? (int)batch.Frames[0] : spans[to - 1].End;
            var piece = new Batch(
                [batch.Targets[0][from..to]], [stop - start], batch.Vocabulary, batch.Progress, batch.Names, graphs: null);
            BatchEvaluation evaluation = objective.Inspect(logits.narrow(0, start, stop - start), piece);
            AlignedToken[] found = [.. BatchAlignment.From(evaluation, objective.Topology, [id], edges, [null])[0].Tokens!];
            return found[(first - from)..(end - from)].Select(token => token with
            {
                Start = token.Start + start, End = token.End + start, From = token.From + start, To = token.To + start,
            });
        }
    }
}
