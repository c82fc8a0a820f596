namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>Finds words in a text that grows: a state knows the longest end of the text with which a word begins.</summary>
/// <remarks>Source: Aho and Corasick, "Efficient string matching", Communications of the ACM 18, 1975.</remarks>
internal sealed class HotWordMatcher
{
    private readonly List<Dictionary<char, int>> steps = [[]];
    private readonly List<int> fallback = [0], endings = [0];
    private readonly List<double> share = [0];

    /// <param name="words">Texts to find, each of one character or more.</param>
    /// <param name="border">Precedes and follows each of them; empty for nothing.</param>
    public HotWordMatcher(IEnumerable<string> words, string border)
    {
        foreach (string word in words.Distinct(StringComparer.Ordinal)) Add(border + word + border, border.Length);
        var states = new Queue<int>(steps[0].Values);
        while (states.TryDequeue(out int state))
        {
            endings[state] += endings[fallback[state]];
            share[state] = Math.Max(share[state], share[fallback[state]]);
            MostEndings = Math.Max(MostEndings, endings[state]);
            foreach ((char letter, int next) in steps[state])
            {
                states.Enqueue(next);
                int shorter = 0;
                fallback[next] = Next(fallback[state], letter, ref shorter);
            }
        }
    }

    /// <summary>Gets how many words end at one place at most.</summary>
    public int MostEndings { get; private set; }

    /// <summary>Reads a character.</summary>
    /// <param name="state">The state; 0 at the start.</param>
    /// <param name="letter">The character.</param>
    /// <param name="found">Increased by the number of words that end with it.</param>
    /// <returns>The state after it.</returns>
    public int Next(int state, char letter, ref int found)
    {
        int next;
        while (!steps[state].TryGetValue(letter, out next) && state != 0) state = fallback[state];
        found += endings[next];
        return next;
    }

    /// <summary>Returns the largest share that is read of a word that may follow.</summary>
    /// <returns>In [0, 1); 0 where no word has begun.</returns>
    public double Share(int state) => share[state];

    private void Add(string word, int border)
    {
        int state = 0;
        for (int read = 1; read <= word.Length; read++)
        {
            if (!steps[state].TryGetValue(word[read - 1], out int next))
            {
                steps[state].Add(word[read - 1], next = steps.Count);
                steps.Add([]);
                fallback.Add(0);
                endings.Add(0);
                share.Add(0);
            }

            state = next;
            if (read < word.Length) share[state] = Math.Max(share[state], (double)(read - border) / (word.Length - border));
        }

        endings[state]++;
    }
}
