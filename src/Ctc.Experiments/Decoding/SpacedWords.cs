using System.Text;

namespace Ctc.Experiments.Decoding;

/// <summary>The words of symbols: what is between spaces or marks of a word's start.</summary>
internal static class SpacedWords
{
    private const char Space = ' ', WordStart = '▁';

    /// <summary>Whether symbols separate words.</summary>
    public static bool AreIn(IEnumerable<string> symbols) => symbols.Any(symbol => symbol.AsSpan().ContainsAny(Space, WordStart));

    /// <summary>Finds the words.</summary>
    /// <param name="symbols">In order.</param>
    /// <returns>Each word, with the positions of the first and the last symbol that have its letters.</returns>
    public static IReadOnlyList<SymbolWord> Find(IEnumerable<string> symbols)
    {
        var words = new List<SymbolWord>();
        var word = new StringBuilder();
        (int first, int last) = (0, 0);
        foreach ((int i, string symbol) in symbols.Index())
        {
            foreach (char letter in symbol)
            {
                if (letter is Space or WordStart)
                {
                    End();
                    continue;
                }

                if (word.Length == 0) first = i;
                last = i;
                word.Append(letter);
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(new SymbolWord(word.ToString(), first, last));
            word.Clear();
        }
    }
}

/// <summary>A word in a sequence of symbols.</summary>
/// <param name="Text">The word.</param>
/// <param name="First">The position of its first symbol.</param>
/// <param name="Last">The position of its last symbol.</param>
internal sealed record SymbolWord(string Text, int First, int Last);
