namespace Ctc.Experiments.Data.Common;

/// <summary>What a set of lines is like, as far as a recipe for it depends on it.</summary>
/// <param name="Lines">The number of lines of all sets.</param>
/// <param name="Symbols">The number of different symbols.</param>
/// <param name="RareSymbols">How many of those occur fewer than ten times in the training lines.</param>
/// <param name="FramesPerToken">The frames of all lines with a text, over the tokens of those.</param>
/// <param name="LargestStride">The largest number of frames that can become one while 99.5 % of the lines keep an alignment; at least 1.</param>
/// <param name="Groups">The number of groups; 0 if the data name none.</param>
public sealed record LineSurvey(int Lines, int Symbols, int RareSymbols, double FramesPerToken, int LargestStride, int Groups)
{
    private const int Rare = 10;
    private const double Feasible = 0.995;

    /// <summary>Surveys a data set.</summary>
    /// <param name="data">Its features are not read.</param>
    public static LineSurvey From(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Utterance[] lines = [.. data.Train, .. data.Dev, .. data.Test], written = [.. lines.Where(line => line.Target.Length > 0)];
        Dictionary<long, int> counts = data.Train.SelectMany(line => line.Target).CountBy(token => token).ToDictionary();
        int[] strides = [.. written.Select(line => line.Frames / Needed(line.Target)).Order()];
        return new LineSurvey(
            lines.Length,
            data.Alphabet.Symbols.Count,
            data.Alphabet.Symbols.Count(symbol => counts.GetValueOrDefault(data.Alphabet.Token(symbol)) < Rare),
            (double)written.Sum(line => (long)line.Frames) / Math.Max(1, written.Sum(line => (long)line.Target.Length)),
            strides.Length == 0 ? 1 : Math.Max(1, strides[(int)((1 - Feasible) * strides.Length)]),
            lines.Select(line => line.Group).OfType<string>().Distinct().Count());
    }

    // A blank separates equal neighbours.
    private static int Needed(long[] target) => target.Length + target.Zip(target.Skip(1)).Count(pair => pair.First == pair.Second);
}
