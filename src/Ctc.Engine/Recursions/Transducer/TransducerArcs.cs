namespace Ctc.Engine.Recursions.Transducer;

/// <summary>What a transducer reads of its scores: the score of the blank and that of the next token, at each place (t, u).</summary>
/// <param name="blanks">[B, T, U+1] the score of the arc from (t, u) to (t+1, u). Undefined at places outside the utterance.</param>
/// <param name="tokens">[B, T, U+1] the score of the arc from (t, u) to (t, u+1). Undefined at places outside the utterance.</param>
/// <param name="frames">[B] lengths of type int64.</param>
/// <param name="lengths">[B] tokens of the targets, of type int64.</param>
internal sealed class TransducerArcs(Tensor blanks, Tensor tokens, Tensor frames, Tensor lengths)
{
    /// <summary>Gets the scores of the blanks.</summary>
    public Tensor Blanks => blanks;

    /// <summary>Gets the scores of the tokens.</summary>
    public Tensor Tokens => tokens;

    /// <summary>Gets the lengths in frames.</summary>
    public Tensor Frames => frames;

    /// <summary>Gets the lengths of the targets.</summary>
    public Tensor Lengths => lengths;

    /// <summary>Gets [B, T, U+1, V] the log-softmax; null where the scores are no logits.</summary>
    private Tensor? LogProbs { get; init; }

    /// <summary>Reads them from scores, by operations that have derivatives.</summary>
    /// <param name="batch">Checked against the scores.</param>
    /// <param name="scores">[B, T, U+1, V]; padding may hold anything.</param>
    /// <param name="logits">Whether the scores are logits, of which the log-softmax is read.</param>
    /// <param name="fastEmit">The factor on the gradients of the tokens is 1 + this number.</param>
    public static TransducerArcs Read(Batch batch, Tensor scores, bool logits, double fastEmit = 0)
    {
        (long total, long columns) = (scores.shape[1], scores.shape[2]);
        Tensor frames = torch.tensor(batch.Frames.ToArray(), device: scores.device);
        Tensor lengths = torch.tensor(batch.Targets.Select(target => target.LongLength).ToArray(), device: scores.device);
        Tensor places = Places(frames, lengths, total, columns).unsqueeze(3);
        Tensor read = torch.where(places, scores, torch.zeros_like(scores));
        Tensor? logProbs = null;
        if (logits)
        {
            Tensor silent = read.isneginf().all(3, keepdim: true); // no softmax
            logProbs = read.masked_fill(silent, Scalars.Zero).log_softmax(3);
            read = logProbs.masked_fill(silent, Scalars.NegativeInfinity);
        }

        Tensor blanks = read.select(3, batch.Blank!.Value);
        if (read.numel() == 0) return new TransducerArcs(blanks, blanks, frames, lengths);
        Tensor tokens = read.gather(3, Next(batch, total, columns, scores.device)).squeeze(3);
        if (fastEmit == 0) return new TransducerArcs(blanks, tokens, frames, lengths) { LogProbs = logProbs };
        using Scalar factor = fastEmit;
        Tensor finite = tokens.masked_fill(tokens.isneginf(), Scalars.Zero);
        return new TransducerArcs(blanks, tokens.Plus((finite - finite.detach()).mul(factor)), frames, lengths);
    }

    /// <summary>Computes the gradient of ln Z with respect to the scores, by operations that have derivatives.</summary>
    /// <param name="batch">That of <see cref="Read"/>.</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no alignment has a probability.</param>
    /// <param name="fastEmit">The factor on the gradients of the tokens is 1 + this number.</param>
    /// <returns>[B, T, U+1, V].</returns>
    public Tensor Gradient(Batch batch, Tensor upstream, double fastEmit)
    {
        (Tensor ofBlanks, Tensor ofTokens) = DiagonalRecursion.Shares(this, RecursionKind.Differentiable);
        Tensor scaled = torch.where(ofBlanks.flatten(1).any(1), upstream, torch.zeros_like(upstream)).view(-1, 1, 1);
        using Scalar factor = 1 + fastEmit;
        return Spread(batch, ofBlanks * scaled, ofTokens.mul(factor) * scaled);
    }

    // From the gradients with respect to the arcs, [B, T, U+1].
    private Tensor Spread(Batch batch, Tensor ofBlanks, Tensor ofTokens)
    {
        using Scalar blank = batch.Blank!.Value;
        Tensor zeros = torch.zeros([.. blanks.shape, batch.Tokens], ofBlanks.dtype, ofBlanks.device);
        Tensor next = Next(batch, blanks.shape[1], blanks.shape[2], ofBlanks.device);
        Tensor spread = zeros.scatter_add(3, torch.full_like(next, blank), ofBlanks.unsqueeze(3)).scatter_add(3, next, ofTokens.unsqueeze(3));
        return LogProbs is null ? spread : spread - (LogProbs.exp() * ofBlanks.Plus(ofTokens).unsqueeze(3));
    }

    /// <summary>Creates the mask of the places of each utterance.</summary>
    /// <returns>[B, T, U+1], true where t is less than the frames and u at most the length of the target.</returns>
    public static Tensor Places(Tensor frames, Tensor lengths, long total, long columns)
    {
        Tensor inside = Scalars.Range(total, frames.device).view(1, -1, 1).lt(frames.view(-1, 1, 1));
        return inside.logical_and(Scalars.Range(columns, frames.device).view(1, 1, -1).le(lengths.view(-1, 1, 1)));
    }

    // [B, T, U+1, 1] the token that each place reads; 0 behind the target.
    private static Tensor Next(Batch batch, long total, long columns, torch.Device device)
    {
        long[] rows = [.. batch.Targets.SelectMany(target => target.Concat(Enumerable.Repeat(0L, (int)columns - target.Length)))];
        return torch.tensor(rows, [batch.Size, 1, columns, 1], device: device).expand(-1, total, -1, -1);
    }
}
