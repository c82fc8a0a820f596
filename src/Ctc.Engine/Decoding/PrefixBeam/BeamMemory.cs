namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>
/// Bounds the memory of prefixes and paths by the length of the hypotheses and the width, instead of the number of frames times the width.
/// </summary>
/// <param name="tree">The prefixes.</param>
/// <param name="log">The paths.</param>
internal sealed class BeamMemory(PrefixTree tree, PathLog log)
{
    private const int FewestToKeep = 4096;

    private int keepRuns = FewestToKeep, keepPrefixes = FewestToKeep;

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        tree.Clear();
        log.Clear();
        (keepRuns, keepPrefixes) = (FewestToKeep, FewestToKeep);
    }

    /// <summary>Removes what no item of the beam uses, whenever there is twice as much as after the last time.</summary>
    public void KeepWhatIsUsed(Span<BeamItem> items)
    {
        if (log.Count >= keepRuns)
        {
            int[] blanks = new int[items.Length], others = new int[items.Length];
            for (int i = 0; i < items.Length; i++) (blanks[i], others[i]) = (items[i].BlankRun, items[i].OtherRun);
            log.Keep(blanks, others);
            for (int i = 0; i < items.Length; i++) (items[i].BlankRun, items[i].OtherRun) = (blanks[i], others[i]);
            keepRuns = Math.Max(FewestToKeep, 2 * log.Count);
        }

        if (tree.Count >= keepPrefixes)
        {
            int[] kept = new int[items.Length];
            for (int i = 0; i < items.Length; i++) kept[i] = items[i].Prefix;
            tree.Keep(kept);
            for (int i = 0; i < items.Length; i++) items[i].Prefix = kept[i];
            keepPrefixes = Math.Max(FewestToKeep, 2 * tree.Count);
        }
    }
}
