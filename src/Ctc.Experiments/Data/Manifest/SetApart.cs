using Ctc.Configuration.Identity;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Draws a set from the training lines.</summary>
internal static class SetApart
{
    private const int OneLineIn = 10;

    /// <summary>Sets one line in ten apart, and at least one. Both sets keep the order of the lines.</summary>
    /// <remarks>
    /// Lines with one input stay together, so that no copy of one that is set apart is trained on, and by an option those of one group: in training
    /// if they are too many for the set.
    /// </remarks>
    /// <param name="lines">The training lines.</param>
    /// <param name="set">The name of the set, for messages.</param>
    /// <param name="files">Whether groups stay together.</param>
    /// <param name="random">Determines the lines.</param>
    /// <param name="stamps">Reads the stamp of a line's file.</param>
    /// <exception cref="InvalidDataException">All lines stay together.</exception>
    public static (IReadOnlyList<T> Kept, IReadOnlyList<T> Aside) Draw<T>(
        IReadOnlyList<T> lines, string set, SetFiles files, SplitMix64 random, Func<string, FileStamp> stamps)
        where T : LabelledInput
    {
        string own = $"or lines of their own for {set}";
        if (lines.Count < 2)
        {
            throw new InvalidDataException($"{files.Train} has 1 line; expected at least 2, to put one aside for {set}, {own}.");
        }

        int[] order = [.. Enumerable.Range(0, lines.Count)];
        random.Shuffle<int>(order);
        bool byGroup = files.SplitBy == SplitUnit.Group;
        Dictionary<int, int[]> together = Units(lines, byGroup, stamps).SelectMany(unit => unit.Select(i => (i, unit))).ToDictionary();
        int wanted = Math.Max(1, lines.Count / OneLineIn);
        HashSet<int> aside = [];
        foreach (int i in order.Where(i => !aside.Contains(i)))
        {
            int[] unit = together.GetValueOrDefault(i, [i]);
            if (aside.Count + unit.Length <= wanted) aside.UnionWith(unit);
        }

        if (aside.Count == 0) aside.UnionWith(order.Select(i => together.GetValueOrDefault(i, [i])).MinBy(unit => unit.Length)!);
        if (aside.Count == lines.Count)
        {
            string same = byGroup ? "are of one group" : $"have the same {files.Noun}";
            throw new InvalidDataException($"{files.Train}: all {lines.Count} lines {same}; expected another one, to put aside for {set}, {own}.");
        }

        return ([.. lines.Where((_, i) => !aside.Contains(i))], [.. lines.Where((_, i) => aside.Contains(i))]);
    }

    /// <summary>The positions of lines with one content, two or more in each result. Files of different lengths are not read.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="place">What else must be equal.</param>
    /// <param name="stamps">Reads the stamp of a line's file.</param>
    public static IEnumerable<int[]> Copies(
        IReadOnlyList<LabelledInput> lines, Func<LabelledInput, string> place, Func<string, FileStamp> stamps) =>
        Enumerable.Range(0, lines.Count)
            .GroupBy(i => stamps(lines[i].File).Length)
            .Where(images => images.Key > 0 && images.Count() > 1)
            .SelectMany(images => images.GroupBy(i => (FileDigest.Compute(lines[i].File, stamps(lines[i].File)), place(lines[i]))))
            .Where(same => same.Count() > 1)
            .Select(same => same.ToArray());

    // The positions of lines that stay together, two or more in each result: copies and groups, and what these join.
    private static IEnumerable<int[]> Units(IReadOnlyList<LabelledInput> lines, bool byGroup, Func<string, FileStamp> stamps)
    {
        IEnumerable<int[]> copies = Copies(lines, line => line.Place, stamps);
        if (!byGroup) return copies;
        int[] first = [.. Enumerable.Range(0, lines.Count)]; // a line that it stays together with; itself at the end of the chain
        IEnumerable<int[]> groups = Enumerable.Range(0, lines.Count)
            .Where(i => lines[i].Group is not null)
            .GroupBy(i => lines[i].Group, (_, group) => group.ToArray());
        foreach (int[] unit in copies.Concat(groups))
        {
            foreach (int i in unit) first[End(i)] = End(unit[0]);
        }

        return Enumerable.Range(0, lines.Count).GroupBy(End).Where(unit => unit.Count() > 1).Select(unit => unit.ToArray());

        int End(int i)
        {
            while (first[i] != i) i = first[i];
            return i;
        }
    }
}
