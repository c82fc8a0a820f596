namespace Ctc.Engine.Recursions.Labels;

/// <summary>The tokens that the classes of each utterance list, each once, in rising order.</summary>
internal sealed class ListedTokens
{
    private ListedTokens(long count, Tensor tokens, Tensor places, Tensor padding, Tensor isListed) =>
        (Count, Tokens, Places, Padding, IsListed) = (count, tokens, places, padding, isListed);

    /// <summary>Gets L, the number of tokens of the utterance that lists most.</summary>
    public long Count { get; }

    /// <summary>Gets [B, L] the tokens, of type int64; 0 in padding.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets [B, C, K] the place of each listed token of a class among those of its utterance; L + 1 for unused places.</summary>
    public Tensor Places { get; }

    /// <summary>Gets [B, L + 1], true in padding; the last place, that of the tokens which no class lists, is false.</summary>
    public Tensor Padding { get; }

    /// <summary>Gets [B, V], true for tokens that some class lists.</summary>
    public Tensor IsListed { get; }

    /// <summary>Collects the tokens.</summary>
    /// <param name="classes">Checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="tokens">V.</param>
    public static ListedTokens Create(TokenClasses classes, long tokens)
    {
        (long batch, long each, torch.Device device) = (classes.Tokens.shape[0], classes.Count * classes.Tokens.shape[2], classes.Tokens.device);
        long[] all = each == 0 ? [] : [.. classes.Tokens.cpu().contiguous().data<long>()];
        long[][] byUtterance = [.. Enumerable.Range(0, (int)batch).Select(b => all.AsSpan((int)(b * each), (int)each).ToArray())];
        long[][] distinct = [.. byUtterance.Select(own => own.Where(token => token >= 0).Distinct().Order().ToArray())];
        long count = distinct.Select(own => (long)own.Length).Append(0).Max();
        var places = new long[batch * each];
        var (padded, padding, isListed) = (new long[batch * count], new bool[batch * (count + 1)], new bool[batch * tokens]);
        for (int b = 0; b < batch; b++)
        {
            distinct[b].CopyTo(padded, b * count);
            padding.AsSpan((int)(b * (count + 1)) + distinct[b].Length, (int)count - distinct[b].Length).Fill(true);
            foreach (long token in distinct[b]) isListed[(b * tokens) + token] = true;
            for (int i = 0; i < each; i++)
            {
                long token = byUtterance[b][i];
                places[(b * each) + i] = token < 0 ? count + 1 : Array.BinarySearch(distinct[b], token);
            }
        }

        return new ListedTokens(
            count,
            torch.tensor(padded, [batch, count], device: device),
            torch.tensor(places, classes.Tokens.shape, device: device),
            torch.tensor(padding, [batch, count + 1], device: device),
            torch.tensor(isListed, [batch, tokens], device: device));
    }
}
