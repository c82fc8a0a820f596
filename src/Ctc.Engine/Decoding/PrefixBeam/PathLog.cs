namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The paths of the prefixes as runs of equal tokens. A run knows the run before it; paths share their beginnings.</summary>
internal sealed class PathLog
{
    public const int None = -1;

    private (int Before, int Token, int Start)[] runs = new (int, int, int)[256];
    private int count;

    public void Clear() => count = 0;

    /// <summary>Begins a run.</summary>
    /// <param name="before">The run before it, or <see cref="None"/>.</param>
    /// <param name="token">The token of its frames.</param>
    /// <param name="start">Its first frame.</param>
    /// <returns>The number of the run.</returns>
    public int Begin(int before, int token, int start)
    {
        if (count == runs.Length) Array.Resize(ref runs, 2 * count);
        runs[count] = (before, token, start);
        return count++;
    }

    /// <summary>Writes out the path that ends in a run.</summary>
    /// <param name="run">The last run.</param>
    /// <param name="frames">The number of frames read.</param>
    /// <returns>The token of each frame.</returns>
    public long[] Read(int run, int frames)
    {
        var path = new long[frames];
        for (int end = frames; run != None; run = runs[run].Before)
        {
            path.AsSpan(runs[run].Start..end).Fill(runs[run].Token);
            end = runs[run].Start;
        }

        return path;
    }

    /// <summary>Gets the number of runs that are held.</summary>
    public int Count => count;

    /// <summary>Drops all runs but those that lead to given ones.</summary>
    /// <param name="blanks">Last runs of the paths that are kept, or <see cref="None"/>; replaced by their new numbers.</param>
    /// <param name="others">The same.</param>
    public void Keep(Span<int> blanks, Span<int> others)
    {
        const int kept = 1;
        int[] numbers = new int[count];
        Mark(blanks);
        Mark(others);
        int next = 0;
        for (int run = 0; run < count; run++)
        {
            if (numbers[run] != kept) continue;
            (int before, int token, int start) = runs[run];
            runs[next] = (before == None ? None : numbers[before], token, start); // the run before has its new number already
            numbers[run] = next++;
        }

        count = next;
        Renumber(blanks);
        Renumber(others);

        void Mark(Span<int> ends)
        {
            foreach (int end in ends)
            {
                for (int run = end; run != None && numbers[run] != kept; run = runs[run].Before) numbers[run] = kept;
            }
        }

        void Renumber(Span<int> ends)
        {
            foreach (ref int end in ends) end = end == None ? None : numbers[end];
        }
    }
}
