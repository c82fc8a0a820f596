using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Digits;

/// <summary>Lines of handwritten digits: real digits, joined at random. The position of each digit is known.</summary>
[Part("digit-lines", typeof(DigitLinesOptions),
    Summary = "Lines of real handwritten digits, joined with random gaps, heights and noise; reads PNG.",
    Paper = "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998")]
internal sealed class DigitLinesSource(DigitLinesOptions options) : IDataSource
{
    private readonly LineDrawing drawing = new(options, options.Height, options.MinDigits, options.MaxDigits);

    /// <summary>The purpose of a random choice; the numbers of a line are a function of the seed, its set and its position in the set.</summary>
    private enum Purpose
    {
        Split,
        Train,
        Dev,
        Test,
    }

    /// <inheritdoc/>
    public Dataset Load()
    {
        DigitSplit split = DigitSplit.Create(DigitFile.Load(options.File), SplitMix64.At(options.Seed, (int)Purpose.Split));
        if (split.Train.Count == 0 || split.Dev.Count == 0)
        {
            throw new InvalidDataException($"{options.File} has too few digits to share among three sets; expected at least 7 of a class.");
        }

        return new Dataset(
            new Alphabet(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
            options.Height,
            Draw(Purpose.Train, "train", Line(split.Train, Natural), options.TrainLines),
            Draw(Purpose.Dev, "dev", Line(split.Dev, Natural), options.DevLines),
            Draw(Purpose.Test, "test", Line(split.Test, Even), options.TestLines));
    }

    /// <inheritdoc/>
    public Utterance Read(string file) => LineImage.Load(file, options.Height);

    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder) => LineImage.WriteInto(folder, utterance);

    private Utterance[] Draw(Purpose purpose, string set, Func<Func<SplitMix64, Glyph>> line, int lines) =>
        [.. Enumerable.Range(0, lines).Select(k => drawing.Draw($"{set}-{k}", line(), SplitMix64.At(options.Seed, (int)purpose, k)))];

    /// <summary>Returns what starts a line: the choice of its digits, from left to right.</summary>
    private Func<Func<SplitMix64, Glyph>> Line(
        IReadOnlyList<Digit> digits, Func<IReadOnlyList<Digit>, Func<SplitMix64, Glyph>> independent)
    {
        if (options.Succession is not > 0)
        {
            Func<SplitMix64, Glyph> next = independent(digits);
            return () => next;
        }

        Digit[][] classes = Classes(digits);
        var ranks = new ZipfRanks(classes.Length, options.Succession.Value);
        return () =>
        {
            int? before = null;
            return random =>
            {
                int label = before is { } last ? (last + 1 + ranks.Next(random)) % classes.Length : random.Below(classes.Length);
                before = label;
                return classes[label][random.Below(classes[label].Length)].Glyph;
            };
        };
    }

    private static Digit[][] Classes(IReadOnlyList<Digit> digits) =>
        [.. digits.GroupBy(digit => digit.Label).OrderBy(group => group.Key).Select(group => group.ToArray())];

    private Func<SplitMix64, Glyph> Natural(IReadOnlyList<Digit> digits)
    {
        if (options.Zipf is null or 0) return Even(digits);

        Digit[][] classes = Classes(digits);
        var ranks = new ZipfRanks(classes.Length, options.Zipf.Value);
        return random => Even(classes[ranks.Next(random)])(random);
    }

    /// <summary>Every image equally likely, and so every digit too, for the classes are of nearly one size.</summary>
    private static Func<SplitMix64, Glyph> Even(IReadOnlyList<Digit> digits) => random => digits[random.Below(digits.Count)].Glyph;
}
