namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>A prefix of the beam, with log-sums over its paths and their best ones.</summary>
internal record struct BeamItem
{
    public int Prefix;

    /// <summary>Over the paths that end in a blank, over the others, and over all.</summary>
    public double Blank, Other, Sum;

    public double BestBlank, BestOther;

    public int BlankRun, OtherRun;

    /// <summary>The same after the frame that is read, if the prefix stays as it is.</summary>
    public double NextBlank, NextOther, NextBestBlank, NextBestOther;

    /// <summary>The item whose best path, extended, becomes that of this prefix; none if its own goes on.</summary>
    public int Extends;

    /// <summary>The last run of the best path; of the best that ends in a blank, if only those are read.</summary>
    public readonly int LastRun(bool endsInBlank) => endsInBlank || BestBlank >= BestOther ? BlankRun : OtherRun;

    /// <summary>The run of blanks of the best path that has a blank in the frame that is read.</summary>
    public readonly int RunOfBlank(PathLog log, int blank, int frame) =>
        NextBestBlank == double.NegativeInfinity ? PathLog.None
        : BestBlank < BestOther ? log.Begin(OtherRun, blank, frame)
        : BlankRun != PathLog.None ? BlankRun
        : log.Begin(PathLog.None, blank, frame);

    public void Continue(bool blankOnly)
    {
        (Blank, Other) = (NextBlank, blankOnly ? double.NegativeInfinity : NextOther);
        (BestBlank, BestOther) = (NextBestBlank, blankOnly ? double.NegativeInfinity : NextBestOther);
        Sum = LogSum.Of(Blank, Other);
    }
}
