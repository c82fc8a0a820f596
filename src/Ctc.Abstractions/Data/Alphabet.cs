namespace Ctc;

/// <summary>The tokens of a data set, and which of them is the blank.</summary>
public sealed class Alphabet
{
    private readonly Dictionary<string, long> tokens;

    /// <summary>Numbers the symbols: the blank is token 0, the others follow in the order given.</summary>
    /// <param name="symbols">V − 1 distinct symbols.</param>
    /// <exception cref="ArgumentException">A symbol occurs twice.</exception>
    public Alphabet(IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        Symbols = [.. symbols];
        tokens = [];
        for (int i = 0; i < Symbols.Count; i++)
        {
            if (!tokens.TryAdd(Symbols[i], i + 1))
            {
                throw new ArgumentException($"The symbol '{Symbols[i]}' occurs twice; expected distinct symbols.", nameof(symbols));
            }
        }
    }

    /// <summary>Gets the symbols without the blank.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>Gets the token of the blank.</summary>
    public long Blank { get; }

    /// <summary>Gets V, the number of tokens, counting the blank.</summary>
    public long Size => Symbols.Count + 1;

    /// <summary>The symbol of a token; the blank's is "␣".</summary>
    /// <param name="token">In [0, V).</param>
    /// <returns>A symbol.</returns>
    public string this[long token] => token == Blank ? "␣" : Symbols[(int)token - 1];

    /// <summary>The token of a symbol.</summary>
    /// <param name="symbol">One of <see cref="Symbols"/>.</param>
    /// <returns>A token in [1, V).</returns>
    /// <exception cref="KeyNotFoundException">The alphabet lacks the symbol.</exception>
    public long Token(string symbol) => tokens.TryGetValue(symbol, out long token)
        ? token
        : throw new KeyNotFoundException($"The alphabet has no symbol '{symbol}'.");

    /// <summary>Writes tokens as text.</summary>
    /// <param name="sequence">Tokens without blanks.</param>
    /// <returns>The symbols, joined.</returns>
    public string Format(IEnumerable<long> sequence) => string.Concat(sequence.Select(token => this[token]));
}
