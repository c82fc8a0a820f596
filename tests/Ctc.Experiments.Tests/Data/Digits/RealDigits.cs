using Ctc.Experiments.Data.Digits;

namespace Ctc.Experiments.Tests.Data.Digits;

/// <summary>The digits that come with the repository, found above the folder of the tests.</summary>
internal static class RealDigits
{
    public static string File { get; } = Find(AppContext.BaseDirectory);

    public static DigitLinesOptions Few { get; } = new() { File = File, TrainLines = 12, DevLines = 5, TestLines = 7 };

    private static string Find(string? folder)
    {
        if (folder is null) throw new FileNotFoundException("data/digits/digits.csv.gz is in no folder above the tests.");
        string file = Path.Combine(folder, "data", "digits", "digits.csv.gz");
        return System.IO.File.Exists(file) ? file : Find(Path.GetDirectoryName(folder));
    }
}
