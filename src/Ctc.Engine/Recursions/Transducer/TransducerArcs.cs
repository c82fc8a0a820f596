namespace Ctc.Engine.Recursions.Transducer;

/// <summary>What a transducer reads of its scores: the score of the blank and that of the next token, at each place (t, u).</summary>
/// <param name="blanks">[B, T, U+1] the score of the arc from (t, u) to (t+1, u). Undefined at places outside the utterance.</param>
/// <param name="tokens">[B, T, U+1] the score of the arc from (t, u) to (t, u+1). Undefined at places outside the utterance.</param>
/// <param name="frames">[B] lengths of type int64.</param>
/// <param name="lengths">[B] tokens of the targets, of type int64.</param>
internal sealed class TransducerArcs(Tensor blanks, Tensor tokens, Tensor frames, Tensor lengths)
{
    private static readonly Scalar NoToken = -1L;

    /// <summary>Gets the scores of the blanks.</summary>
    public Tensor Blanks => blanks;

    /// <summary>Gets the scores of the tokens.</summary>
    public Tensor Tokens => tokens;

    /// <summary>Gets the lengths in frames.</summary>
    public Tensor Frames => frames;

    /// <summary>Gets the lengths of the targets.</summary>
    public Tensor Lengths => lengths;

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
        if (logits)
        {
            Tensor silent = read.isneginf().all(3, keepdim: true); // no softmax
            read = read.masked_fill(silent, Scalars.Zero).log_softmax(3).masked_fill(silent, Scalars.NegativeInfinity);
        }

        Tensor blanks = read.select(3, batch.Blank!.Value);
        if (read.numel() == 0) return new TransducerArcs(blanks, blanks, frames, lengths);
        Tensor next = Targets(batch, columns, scores.device); // [B, U+1]
        Tensor index = next.clamp(min: Scalars.Zero).view(batch.Size, 1, columns, 1).expand(-1, total, -1, -1);
        Tensor tokens = read.gather(3, index).squeeze(3);
        if (fastEmit == 0) return new TransducerArcs(blanks, tokens, frames, lengths);
        using Scalar factor = fastEmit;
        Tensor finite = tokens.masked_fill(tokens.isneginf(), Scalars.Zero);
        return new TransducerArcs(blanks, tokens.Plus((finite - finite.detach()).mul(factor)), frames, lengths);
    }

    /// <summary>Creates the targets with padding.</summary>
    /// <returns>[B, U+1] of type int64; −1 behind the target.</returns>
    public static Tensor Targets(Batch batch, long columns, torch.Device device)
    {
        Tensor padded = torch.full([batch.Size, columns], NoToken, torch.int64, device);
        long[] rows = [.. batch.Targets.SelectMany(target => target.Concat(Enumerable.Repeat(-1L, (int)columns - target.Length)))];
        return rows.Length == 0 ? padded : torch.tensor(rows, [batch.Size, columns], device: device);
    }

    /// <summary>Creates the mask of the places of each utterance.</summary>
    /// <returns>[B, T, U+1], true where t is less than the frames and u at most the length of the target.</returns>
    public static Tensor Places(Tensor frames, Tensor lengths, long total, long columns)
    {
        Tensor inside = Scalars.Range(total, frames.device).view(1, -1, 1).lt(frames.view(-1, 1, 1));
        return inside.logical_and(Scalars.Range(columns, frames.device).view(1, 1, -1).le(lengths.view(-1, 1, 1)));
    }
}
