namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>The n-grams of a model as a tree: the children of an n-gram are those that are longer by one unit at the end.</summary>
/// <remarks>
/// Nodes are numbered by order, and within it by parent and unit: the children of a node follow one another, sorted by unit. Node 0 is the empty
/// n-gram; all units are its children.
/// </remarks>
internal sealed class NGramTrie
{
    /// <summary>The node of the empty n-gram.</summary>
    public const int Root = 0;

    private readonly List<int> counts = [];
    private int[] unit = [-1], suffix = [-1], firstChild = [1, 1];
    private double[] logProb = [0], backoff = [0];
    private int contexts = 1; // nodes below the highest order

    /// <summary>Gets the number of units in the longest n-gram.</summary>
    public int Order => counts.Count;

    /// <summary>Gets the number of n-grams of each order from 1 on.</summary>
    public IReadOnlyList<int> Counts => counts;

    /// <summary>The node of a unigram.</summary>
    /// <param name="unit">The index of its unit.</param>
    public static int Unigram(int unit) => unit + 1;

    /// <summary>The log-probability of a node's last unit after the others, in nats.</summary>
    public double LogProb(int node) => logProb[node];

    /// <summary>The logarithm of the back-off weight of a node, in nats; 0 for those of the highest order.</summary>
    public double Backoff(int node) => node < contexts ? backoff[node] : 0;

    /// <summary>The last unit of a node.</summary>
    public int Unit(int node) => unit[node];

    /// <summary>The nodes that are longer by one unit.</summary>
    public Range Children(int node) => node < contexts ? firstChild[node]..firstChild[node + 1] : 0..0;

    /// <summary>Adds the n-grams of the next order.</summary>
    /// <param name="parents">The node of each n-gram without its last unit. Every unit is a child of the root, in the order of indices.</param>
    /// <param name="units">The last unit of each n-gram.</param>
    /// <param name="logProbs">The log-probability of each n-gram's last unit, in nats.</param>
    /// <param name="backoffs">The logarithm of the back-off weight of each n-gram, in nats; empty for the highest order.</param>
    /// <param name="nodes">The node of each n-gram.</param>
    /// <returns>The index of an n-gram that is there twice, the later one; −1 if there is none.</returns>
    public int Add(
        ReadOnlySpan<int> parents, ReadOnlySpan<int> units, ReadOnlySpan<double> logProbs, ReadOnlySpan<double> backoffs, out int[] nodes)
    {
        int count = units.Length, first = unit.Length;
        var keys = new ulong[count];
        var order = new int[count];
        for (int i = 0; i < count; i++) (keys[i], order[i]) = (((ulong)parents[i] << 32) | (uint)units[i], i);
        Array.Sort(keys, order);
        Array.Resize(ref unit, first + count);
        Array.Resize(ref logProb, first + count);
        Array.Resize(ref suffix, first + count);
        nodes = new int[count];
        int twice = -1;
        for (int i = 0; i < count; i++)
        {
            int from = order[i], node = first + i;
            if (i > 0 && keys[i] == keys[i - 1]) twice = Math.Max(from, order[i - 1]);
            (unit[node], logProb[node], nodes[from]) = (units[from], logProbs[from], node);
            suffix[node] = parents[from] == Root ? Root : Longest(suffix[parents[from]], units[from]);
        }

        counts.Add(count);
        FindChildren(first, parents, order);
        if (backoffs.IsEmpty) return twice;
        Array.Resize(ref backoff, first + count);
        for (int i = 0; i < count; i++) backoff[nodes[i]] = backoffs[i];
        contexts = first + count;
        return twice;
    }

    // The children of each node of the order before, which starts below first.
    private void FindChildren(int first, ReadOnlySpan<int> parents, int[] order)
    {
        Array.Resize(ref firstChild, first + 1);
        int child = 0;
        for (int node = first - (counts.Count > 1 ? counts[^2] : 1); node <= first; node++)
        {
            while (child < order.Length && parents[order[child]] < node) child++;
            firstChild[node] = first + child;
        }
    }

    /// <summary>Finds the node that is longer by one unit.</summary>
    /// <returns>−1 if there is none.</returns>
    public int Child(int node, int unit)
    {
        if (node == Root) return Unigram(unit);
        if (node >= contexts) return -1;
        int start = firstChild[node];
        int place = this.unit.AsSpan(start, firstChild[node + 1] - start).BinarySearch(unit);
        return place < 0 ? -1 : start + place;
    }

    /// <summary>The log-probability of a unit after a context, in nats.</summary>
    /// <param name="context">A node below the highest order.</param>
    /// <param name="unit">The index of a unit.</param>
    /// <param name="next">The longest node below the highest order with which the context and the unit end.</param>
    public double LogProbability(int context, int unit, out int next)
    {
        double weight = 0;
        for (int node = context; ; node = suffix[node])
        {
            int child = Child(node, unit);
            if (child < 0)
            {
                weight += backoff[node];
                continue;
            }

            next = child < contexts ? child : suffix[child];
            return weight + logProb[child];
        }
    }

    private int Longest(int context, int unit)
    {
        int child = Child(context, unit);
        for (; child < 0; child = Child(context, unit)) context = suffix[context];
        return child;
    }
}
