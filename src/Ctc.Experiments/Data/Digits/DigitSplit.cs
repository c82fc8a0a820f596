
namespace Ctc.Experiments.Data.Digits;

/// <summary>The digits that lines of each set are made of. No digit is in two sets.</summary>
/// <param name="Train">Three fifths of each class.</param>
/// <param name="Dev">Three twentieths.</param>
/// <param name="Test">The remaining quarter.</param>
internal sealed record DigitSplit(IReadOnlyList<Digit> Train, IReadOnlyList<Digit> Dev, IReadOnlyList<Digit> Test)
{
    private const double TrainShare = 0.60;
    private const double DevShare = 0.15;

    /// <summary>Deals the digits of each class into the three sets.</summary>
    public static DigitSplit Create(IEnumerable<Digit> digits, SplitMix64 random)
    {
        List<Digit> train = [], dev = [], test = [];
        foreach (IGrouping<int, Digit> sameLabel in digits.GroupBy(digit => digit.Label).OrderBy(group => group.Key))
        {
            Digit[] dealt = [.. sameLabel];
            random.Shuffle<Digit>(dealt);
            int toTrain = (int)(TrainShare * dealt.Length);
            int toDev = (int)(DevShare * dealt.Length);
            train.AddRange(dealt[..toTrain]);
            dev.AddRange(dealt[toTrain..(toTrain + toDev)]);
            test.AddRange(dealt[(toTrain + toDev)..]);
        }

        return new DigitSplit(train, dev, test);
    }
}
