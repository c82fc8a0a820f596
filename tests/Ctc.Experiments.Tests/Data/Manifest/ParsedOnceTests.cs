using Ctc.Experiments.Data.Manifest;

namespace Ctc.Experiments.Tests.Data.Manifest;

[NonParallelizable]
internal sealed class ParsedOnceTests
{
    private static readonly DateTime Settled = DateTime.UtcNow.AddMinutes(1);

    private string file = "";
    private int parses;

    [SetUp]
    public void Write()
    {
        ParsedOnce.Forget();
        (file, parses) = (Path.GetTempFileName(), 0);
        File.WriteAllText(file, "a");
    }

    [TearDown]
    public void Delete() => File.Delete(file);

    [Test]
    public void A_file_is_parsed_once_until_it_is_forgotten()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux has stamps that no program can restore.");
        string first = Parse("nfc", Settled);
        Assert.That(Parse("nfc", Settled), Is.SameAs(first));
        Assert.That(parses, Is.EqualTo(1));

        ParsedOnce.Forget();
        Parse("nfc", Settled);
        Assert.That(parses, Is.EqualTo(2));
    }

    [Test]
    public void A_changed_file_other_options_and_a_file_that_may_still_change_are_parsed_again()
    {
        Parse("nfc", Settled);
        Parse("nfd", Settled);
        Assert.That(parses, Is.EqualTo(2), "other options");

        File.WriteAllText(file, "ab");
        Parse("nfc", Settled);
        Assert.That(parses, Is.EqualTo(3), "another content");

        Parse("nfc", DateTime.UtcNow);
        Parse("nfc", DateTime.UtcNow);
        Assert.That(parses, Is.EqualTo(5), "written a moment ago");
    }

    [Test]
    public void A_missing_file_is_left_to_the_parser()
    {
        File.Delete(file);

        Assert.That(() => Parse("nfc", Settled), Throws.TypeOf<FileNotFoundException>());
    }

    private string Parse(string options, DateTime now) => ParsedOnce.Find(
        options,
        [file, null],
        () =>
        {
            parses++;
            return File.ReadAllText(file);
        },
        now);
}
