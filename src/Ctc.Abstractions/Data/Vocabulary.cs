namespace Ctc;

/// <summary>The tokens that a network scores: those of the targets, the blank among them, and those that the topology adds.</summary>
public sealed class Vocabulary
{
    /// <summary>Creates a vocabulary.</summary>
    /// <param name="tokens">The number of tokens before any is added, the blank included; 1 or more.</param>
    /// <param name="blank">The token of the blank; null if there is none.</param>
    /// <exception cref="ArgumentException">There is no token, or the blank is none of them.</exception>
    public Vocabulary(long tokens, long? blank = 0)
    {
        if (tokens < 1)
        {
            throw new ArgumentException($"The vocabulary has {tokens} tokens; expected at least 1.", nameof(tokens));
        }

        if (blank is { } b && (b < 0 || b >= tokens))
        {
            throw new ArgumentException($"The blank is {b}; expected a token in [0, {tokens}).", nameof(blank));
        }

        (TargetTokens, Blank) = (tokens, blank);
    }

    /// <summary>Creates the vocabulary of an alphabet.</summary>
    /// <param name="alphabet">Its blank is the blank.</param>
    public Vocabulary(Alphabet alphabet)
        : this((alphabet ?? throw new ArgumentNullException(nameof(alphabet))).Size, alphabet.Blank) => Alphabet = alphabet;

    /// <summary>Gets the number of tokens before any is added: those of targets and the blank.</summary>
    public long TargetTokens { get; }

    /// <summary>Gets the token of the blank; null if there is none.</summary>
    public long? Blank { get; }

    /// <summary>Gets the symbols of the tokens; null if the tokens are numbers only.</summary>
    public Alphabet? Alphabet { get; }

    /// <summary>Gets the tokens that the topology adds, in the order of their numbers.</summary>
    /// <value>The first has the number <see cref="TargetTokens"/>; none by default.</value>
    public IReadOnlyList<AddedToken> Added { get; private init; } = [];

    /// <summary>Gets V, the number of tokens that the network scores.</summary>
    public long Size => TargetTokens + Added.Count;

    /// <summary>Returns the vocabulary with other added tokens.</summary>
    /// <param name="added">The tokens, in the order of their numbers.</param>
    /// <returns>Another vocabulary; this one is unchanged.</returns>
    public Vocabulary WithAdded(IReadOnlyList<AddedToken> added) => Alphabet is null
        ? new Vocabulary(TargetTokens, Blank) { Added = [.. added] }
        : new Vocabulary(Alphabet) { Added = [.. added] };

    /// <summary>Returns the symbol of a token, for people.</summary>
    /// <param name="token">In [0, V).</param>
    /// <returns>The name of an added token, the symbol of the alphabet, or the number.</returns>
    public string Symbol(long token) => token >= TargetTokens ? Added[(int)(token - TargetTokens)].Name : Alphabet?[token] ?? $"{token}";

    /// <summary>Returns the tokens of the targets that one token spells.</summary>
    /// <param name="token">In [0, V).</param>
    /// <returns>None for the blank, the token itself, or the spelling of an added token.</returns>
    public IReadOnlyList<long> Spelling(long token) =>
        token == Blank ? [] : token < TargetTokens ? [token] : Added[(int)(token - TargetTokens)].Spelling;

    /// <summary>Maps a path to the target that it spells under CTC: repeats merge, blanks are left out, every other token is spelled.</summary>
    /// <param name="path">One token for each frame.</param>
    /// <returns>The target. With the blank −, <c>a a − a b b</c> gives <c>a a b</c>.</returns>
    public long[] Spell(ReadOnlySpan<long> path)
    {
        var target = new List<long>();
        for (int t = 0; t < path.Length; t++)
        {
            if (t == 0 || path[t] != path[t - 1]) target.AddRange(Spelling(path[t]));
        }

        return [.. target];
    }
}
