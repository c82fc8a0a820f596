using System.IO.Compression;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Digits;

public class DigitFileTests
{
    private static readonly string Seven = string.Join(',', Enumerable.Repeat("0,0,0,16,8,0,0,0", 8)) + ",7";

    [Test]
    public void The_real_file_has_1797_digits_of_ten_classes()
    {
        IReadOnlyList<Digit> digits = DigitFile.Load(RealDigits.File);
        Assert.That(digits, Has.Count.EqualTo(1797));
        Assert.That(digits.Select(digit => digit.Label).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(digits.Select(digit => digit.Row), Is.EqualTo(Enumerable.Range(1, 1797)));
    }

    [Test]
    public void A_digit_is_cut_to_the_columns_that_hold_ink()
    {
        using var folder = new TemporaryFolder();
        Digit digit = DigitFile.Load(Write(folder, Seven))[0];
        Assert.That((digit.Label, digit.Glyph.Width), Is.EqualTo((7, 2)));
        Assert.That(digit.Glyph.Ink, Is.EqualTo(Enumerable.Repeat(1f, 8).Concat(Enumerable.Repeat(0.5f, 8))));
    }

    [TestCase("1,2,3", ":2 has 3 columns; expected 64 pixels and a label.")]
    [TestCase("", ":2 has 1 columns; expected 64 pixels and a label.")]
    [TestCase("17", ":2: pixel 1 is '17'; expected a whole number from 0 to 16.")]
    [TestCase("-1", ":2: pixel 1 is '-1'; expected a whole number from 0 to 16.")]
    [TestCase("x", ":2: pixel 1 is 'x'; expected a whole number from 0 to 16.")]
    public void A_wrong_line_is_named(string start, string message)
    {
        string line = start.Contains(',', StringComparison.Ordinal) || start.Length == 0 ? start : start + Seven[1..];
        RefusesLine(line, message);
    }

    [Test]
    public void A_label_above_9_is_named() => RefusesLine(Seven[..^1] + "10", ":2: the label is '10'; expected a whole number from 0 to 9.");

    [Test]
    public void A_digit_without_ink_is_named() =>
        RefusesLine(string.Join(',', Enumerable.Repeat("0", 64)) + ",3", ":2 has no ink; expected a digit.");

    [Test]
    public void A_file_without_lines_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder);
        Refuses(file, " has no lines; expected one digit a line.");
    }

    [Test]
    public void A_file_that_is_no_gzip_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("plain.csv");
        File.WriteAllText(file, Seven);
        Refuses(file, " is no gzip file or is damaged; expected a gzip file of digits.");
    }

    [Test]
    public void A_file_that_breaks_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("half.gz");
        File.WriteAllBytes(file, File.ReadAllBytes(RealDigits.File)[..30_000]);
        Assert.That(() => DigitFile.Load(file), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(file));
    }

    [Test]
    public void A_file_that_is_not_there_is_named() =>
        Refuses("no.gz", " does not exist; expected a gzip file of digits.");

    internal static string Write(TemporaryFolder folder, params string[] lines)
    {
        string file = folder.In("digits.csv.gz");
        using var writer = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        foreach (string line in lines) writer.WriteLine(line);
        return file;
    }

    private static void RefusesLine(string line, string message)
    {
        using var folder = new TemporaryFolder();
        Refuses(Write(folder, Seven, line), message);
    }

    private static void Refuses(string file, string message) =>
        Assert.That(() => DigitFile.Load(file), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(file + message));
}
