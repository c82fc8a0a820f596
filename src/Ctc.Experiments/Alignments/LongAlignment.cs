using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Alignments;

/// <summary>The alignment of a long utterance, whose posteriors of all states would not fit into memory.</summary>
/// <remarks>
/// The best path is that of the whole. Confidences and expected times are those of pieces of it, each with a few tokens around, that begin and end
/// where the best path does: of all paths those count that agree with the best one there. A best path is the best one of each of its pieces too. Some
/// pieces at a time are a batch, whose utterances the fused recursion shares among threads: as many as there are whatever the number of threads.
/// </remarks>
internal static class LongAlignment
{
    private const int TokensAround = 16, TokensOfPiece = 128, PiecesTogether = 8;

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
        if (FindCuts(lattice, spans.Length) is not { } cuts) return null;
        IEnumerable<Piece> pieces = Enumerable.Range(0, (spans.Length + tokensOfPiece - 1) / tokensOfPiece)
            .Select(i => Piece.Of(spans, cuts, i * tokensOfPiece, tokensOfPiece, (int)batch.Frames[0]));
        AlignedToken[] tokens = [.. pieces.Chunk(PiecesTogether).SelectMany(some => Align(objective, logits, batch, some, edges))];
        string[] symbols = [.. tokens.Select(token => token.Symbol)];
        IReadOnlyList<SymbolWord>? known = words ?? (SpacedWords.AreIn(symbols) ? SpacedWords.Find(symbols) : null);
        return new AlignedUtterance(id, batch.Frames[0], score, tokens, known is null ? null : AlignedWord.FromTokens(known, tokens));
    }

    // Whether a piece may begin with a token, or end before it: with pauses only where there may be one, for it has pauses at both ends. Null if
    // there are too many tokens without such a place.
    private static bool[]? FindCuts(Lattice lattice, int tokens)
    {
        var cuts = new bool[tokens + 1];
        if (lattice.Silence is null)
        {
            Array.Fill(cuts, true);
            return cuts;
        }

        (cuts[0], cuts[tokens]) = (true, true);
        long[] labels = lattice.Labels.cpu().data<long>().ToArray(), positions = lattice.Positions!.cpu().data<long>().ToArray();
        for (int s = 1; s < labels.Length; s++)
        {
            bool isByPause = labels[s] == lattice.Silence || labels[s - 1] == lattice.Silence;
            if (positions[s] >= 0 && isByPause) cuts[positions[s]] = true;
        }

        int[] places = [.. cuts.Index().Where(cut => cut.Item).Select(cut => cut.Index)];
        return places.Zip(places.Skip(1), (one, next) => next - one).All(distance => distance <= TokensOfPiece) ? cuts : null;
    }

    // The tokens of pieces, without those around.
    private static IEnumerable<AlignedToken> Align(AligningObjective objective, Tensor logits, Batch whole, Piece[] pieces, EdgeKind edges)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor read = torch.zeros([pieces.Max(piece => piece.Frames), pieces.Length, logits.shape[2]], logits.dtype, logits.device);
        foreach ((int b, Piece piece) in pieces.Index())
        {
            read.narrow(0, 0, piece.Frames).select(1, b).copy_(logits.narrow(0, piece.Start, piece.Frames).select(1, 0));
        }

        string[] names = [.. pieces.Select(_ => whole.Names[0])];
        var batch = new Batch(
            [.. pieces.Select(piece => whole.Targets[0][piece.From..piece.To])], [.. pieces.Select(piece => (long)piece.Frames)], whole.Vocabulary,
            whole.Progress, names, graphs: null);
        IReadOnlyList<AlignedUtterance> found = BatchAlignment.From(
            objective.Inspect(read, batch), objective.Topology, names, edges, [.. pieces.Select(_ => (double?)null)]);
        return [.. found.Zip(pieces, (aligned, piece) => piece.Own(aligned.Tokens!)).SelectMany(own => own)];
    }

    /// <summary>A piece of a path.</summary>
    /// <param name="First">Its first token, without those around.</param>
    /// <param name="End">The token after its last.</param>
    /// <param name="From">The first token around it.</param>
    /// <param name="To">The token after the last around it.</param>
    /// <param name="Start">Its first frame.</param>
    /// <param name="Frames">The number of its frames.</param>
    private readonly record struct Piece(int First, int End, int From, int To, int Start, int Frames)
    {
        public static Piece Of(FrameSpan[] spans, bool[] cuts, int first, int count, int frames)
        {
            int end = Math.Min(first + count, spans.Length);
            int from = Math.Max(first - TokensAround, 0), to = Math.Min(end + TokensAround, spans.Length);
            while (!cuts[from]) from--;
            while (!cuts[to]) to++;
            int start = from == 0 ? 0 : spans[from].Start, stop = to == spans.Length ? frames : spans[to - 1].End;
            return new Piece(first, end, from, to, start, stop - start);
        }

        // Without those around, in frames of the whole.
        public IEnumerable<AlignedToken> Own(IReadOnlyList<AlignedToken> tokens)
        {
            int start = Start;
            return tokens.Skip(First - From).Take(End - First).Select(token => token with
            {
                Start = token.Start + start, End = token.End + start, From = token.From + start, To = token.To + start,
            });
        }
    }
}
