namespace Ctc;

/// <summary>A random generator with specified numbers: the same on every machine and in every version of .NET.</summary>
/// <remarks>
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figure 16 with the mixer of
/// Stafford's variant 13, as in Vigna's splitmix64.c.
/// </remarks>
/// <param name="seed">The initial state.</param>
public sealed class SplitMix64(ulong seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>Creates the generator of one path: its numbers do not depend on how many are drawn from others.</summary>
    /// <param name="path">Numbers that identify the generator, such as seed, set and position.</param>
    /// <returns>A generator at its start.</returns>
    public static SplitMix64 At(params ReadOnlySpan<int> path)
    {
        ulong state = 0;
        foreach (int step in path) state = Mix(state + GoldenGamma + (uint)step);
        return new SplitMix64(state);
    }

    /// <summary>Creates the generator of a named purpose.</summary>
    /// <param name="seed">The seed, to which everything else is mixed.</param>
    /// <param name="names">Names that identify the generator, such as an utterance and the part that draws. Their order matters.</param>
    /// <returns>A generator at its start.</returns>
    public static SplitMix64 For(ulong seed, params ReadOnlySpan<string> names)
    {
        ulong state = Mix(seed + GoldenGamma);
        foreach (string name in names)
        {
            foreach (char unit in name) state = Mix(state + GoldenGamma + unit);
            state = Mix(state + GoldenGamma + 0x10000); // the end of a name is no character
        }

        return new SplitMix64(state);
    }

    /// <summary>Draws 64 random bits.</summary>
    /// <returns>Any number.</returns>
    public ulong Next() => Mix(state += GoldenGamma);

    /// <summary>Draws a whole number in [0, limit), by the high half of a product: no number is favoured by more than limit / 2⁶⁴.</summary>
    /// <param name="limit">1 or more.</param>
    /// <returns>A number from 0.</returns>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Draws a whole number in [from, to].</summary>
    /// <param name="from">The smallest number.</param>
    /// <param name="to">The largest number.</param>
    /// <returns>A number from the range.</returns>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>Draws a number in [0, 1), a multiple of 2⁻⁵³.</summary>
    /// <returns>A number, uniformly distributed.</returns>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>
    /// Draws a number of mean 0 and variance 1 that is nearly normal: the sum of twelve uniform ones, less 6. Unlike the usual
    /// transforms it needs no logarithm and no cosine, whose last bits differ between machines.
    /// </summary>
    /// <returns>A number from −6 to 6.</returns>
    public double Normal()
    {
        ulong sum = 0;
        for (int i = 0; i < 3; i++)
        {
            ulong bits = Next();
            sum += (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        }

        return (sum + 6.0) / 65536 - 6; // The mean of a uniform 16-bit number is half a step below one half.
    }

    /// <summary>Puts a list into random order (Fisher and Yates).</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The list; changed.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
