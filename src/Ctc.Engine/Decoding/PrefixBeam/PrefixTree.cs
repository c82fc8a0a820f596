namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The prefixes that were in the beam, and those that they begin with. A prefix has one number, whichever path reads it.</summary>
internal sealed class PrefixTree
{
    public const int Root = 0, None = -1;

    private Prefix[] prefixes = new Prefix[256];

    public PrefixTree() => Clear();

    /// <summary>Gets the number of prefixes that are held.</summary>
    public int Count { get; private set; }

    /// <summary>Returns a prefix, which stays in place until the next <see cref="Add"/>.</summary>
    public ref Prefix this[int prefix] => ref prefixes[prefix];

    /// <summary>Leaves the empty prefix alone.</summary>
    public void Clear()
    {
        prefixes[Root] = new Prefix
        {
            Parent = None, Token = None, Step = None, FirstChild = None, NextSibling = None, Item = None, WordGain = double.NaN,
        };
        Count = 1;
    }

    /// <summary>Finds a prefix with a step more.</summary>
    /// <returns>Its number, or <see cref="None"/>.</returns>
    public int Find(int parent, int step)
    {
        int child = prefixes[parent].FirstChild;
        while (child != None && prefixes[child].Step != step) child = prefixes[child].NextSibling;
        return child;
    }

    /// <summary>Adds a prefix with a step more, which is not there yet.</summary>
    /// <param name="parent">The prefix before it.</param>
    /// <param name="step">The step.</param>
    /// <param name="token">The token that it reads.</param>
    public int Add(int parent, int step, int token)
    {
        if (Count == prefixes.Length) Array.Resize(ref prefixes, 2 * Count);
        prefixes[Count] = new Prefix
        {
            Parent = parent, Token = token, Step = step, FirstChild = None, NextSibling = prefixes[parent].FirstChild, Item = None,
            WordGain = double.NaN,
        };
        prefixes[parent].FirstChild = Count;
        return Count++;
    }

    /// <summary>Returns the steps of a prefix: its tokens, where words are not bound to a lexicon.</summary>
    public int[] Steps(int prefix)
    {
        int length = 0;
        for (int at = prefix; at != Root; at = prefixes[at].Parent) length++;
        int[] steps = new int[length];
        for (int at = prefix; at != Root; at = prefixes[at].Parent) steps[--length] = prefixes[at].Step;
        return steps;
    }

    /// <summary>Drops all prefixes but given ones and those that they begin with.</summary>
    /// <param name="kept">The prefixes that are kept; replaced by their new numbers.</param>
    public void Keep(Span<int> kept)
    {
        const int marked = 1;
        int[] numbers = new int[Count];
        numbers[Root] = marked;
        foreach (int prefix in kept)
        {
            for (int at = prefix; numbers[at] != marked; at = prefixes[at].Parent) numbers[at] = marked;
        }

        int next = 0;
        for (int at = 0; at < Count; at++)
        {
            if (numbers[at] != marked) continue;
            Prefix prefix = prefixes[at] with { FirstChild = None, NextSibling = None };
            if (at != Root)
            {
                prefix.Parent = numbers[prefix.Parent]; // a parent has its new number already
                prefix.NextSibling = prefixes[prefix.Parent].FirstChild;
                prefixes[prefix.Parent].FirstChild = next;
            }

            prefixes[next] = prefix;
            numbers[at] = next++;
        }

        prefixes.AsSpan(next, Count - next).Clear();
        Count = next;
        foreach (ref int prefix in kept) prefix = numbers[prefix];
    }
}

/// <summary>A prefix: a token after another prefix, with what its score needs beside the model's output.</summary>
internal record struct Prefix
{
    public int Parent, Token, FirstChild, NextSibling;

    /// <summary>The token, or a step of a lexicon that reads it.</summary>
    public int Step;

    /// <summary>The place in the words of a lexicon.</summary>
    public int Node;

    /// <summary>The position in the beam; <see cref="PrefixTree.None"/> outside it.</summary>
    public int Item;

    /// <summary>The states of the language model and of the hot words.</summary>
    public int Language, Hot;

    /// <summary>Scores of language model, bonus and hot words, in nats; with the share of a hot word that is read in part.</summary>
    public double Fused;

    /// <summary>The score of the word that the prefix ends in; NaN until it is computed.</summary>
    public double WordGain;

    /// <summary>The scores of each token after this prefix; null if they are not kept.</summary>
    public double[]? Gains;
}
