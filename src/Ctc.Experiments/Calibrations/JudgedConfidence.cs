namespace Ctc.Experiments.Calibrations;

/// <summary>A confidence, and whether what has it is right.</summary>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="IsRight">Whether it is right.</param>
public readonly record struct JudgedConfidence(double Confidence, bool IsRight)
{
    /// <summary>
    /// How well confidences tell what is right from what is wrong: the probability that of one of each that which is right has the larger one, or
    /// half of it if they are equal. It is the area under the curve of the receiver operating characteristic; 0.5 is chance.
    /// </summary>
    /// <param name="all">Confidences.</param>
    /// <returns>From 0 to 1; NaN if all are right or all are wrong.</returns>
    public static double Discrimination(IEnumerable<JudgedConfidence> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        double wins = 0, wrong = 0, right = 0;
        foreach (IGrouping<double, JudgedConfidence> equal in all.GroupBy(one => one.Confidence).OrderBy(group => group.Key))
        {
            int good = equal.Count(one => one.IsRight), bad = equal.Count() - good;
            wins += good * (wrong + (bad / 2.0));
            (right, wrong) = (right + good, wrong + bad);
        }

        return wins / (right * wrong);
    }
}
