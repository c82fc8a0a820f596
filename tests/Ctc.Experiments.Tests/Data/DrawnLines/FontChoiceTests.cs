using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Fonts;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.DrawnLines;

public class FontChoiceTests
{
    private const string Packages =
        "; on Debian the packages fonts-arphic-gbsn00lp, fonts-arphic-gkai00mp and fonts-wqy-microhei contain Chinese ones.";

    private static readonly string Folder = Path.GetDirectoryName(CarriedFont.File)!;

    [Test]
    public void The_font_that_the_program_carries_serves_where_it_has_all_the_symbols()
    {
        FontFace face = Choose("abgλ").Require().Single();
        Assert.That((face.Family, face.File), Is.EqualTo(("DejaVu Sans", (string?)null)));
    }

    [Test]
    public void A_file_that_is_named_comes_before_a_family()
    {
        IReadOnlyList<FontFace> faces = new FontChoice(["a"], [CarriedFont.File], ["DejaVu Sans"], [Folder]).Require();
        Assert.That(faces.Select(face => face.File), Is.EqualTo(new[] { CarriedFont.File, CarriedFont.File }));
    }

    [Test]
    public void Without_a_Chinese_font_the_sentence_names_what_is_missing_and_what_brings_it()
    {
        Refuses(Choose("a的一"), $"No font in {Folder} has all the symbols a的一{Packages}");
        Refuses(new FontChoice(["的"], [], [], []), $"No font in the system's folders for fonts has all the symbols 的{Packages}");
    }

    [Test]
    public void Long_lists_of_symbols_are_cut_short()
    {
        string[] symbols = [.. Enumerable.Range(0x4E00, 60).Select(char.ConvertFromUtf32)];
        Refuses(
            new FontChoice(symbols, [], [], [Folder]),
            $"No font in {Folder} has all the symbols {string.Concat(symbols.Take(20))} and 40 more{Packages}");
    }

    [Test]
    public void A_family_that_is_not_installed_is_named() =>
        Refuses(
            new FontChoice(["a"], [], ["DejaVu Sans", "No Such Sans"], [Folder]), $"No font of the family 'No Such Sans' is installed in {Folder}.");

    [Test]
    public void A_font_that_lacks_symbols_is_named_with_them() =>
        Refuses(
            new FontChoice(["a", "的"], [CarriedFont.File], [], []), $"The font DejaVu Sans lacks 的; expected one that has all the symbols{Packages}");

    [Test]
    public void A_file_that_is_no_font_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("x.ttf"), "no font");
        Refuses(
            new FontChoice(["a"], [folder.In("x.ttf")], [], []),
            $"{folder.In("x.ttf")} cannot be read as a font; expected a TrueType or OpenType file.");
    }

    [Test]
    public void Fonts_that_are_installed_are_found_in_subfolders_one_face_a_family()
    {
        using var folder = new TemporaryFolder();
        string below = Directory.CreateDirectory(folder.In("below")).FullName;
        foreach (string name in new[] { "b.ttf", "a.TTF" }) File.Copy(CarriedFont.File, Path.Combine(below, name));
        File.WriteAllText(folder.In("broken.ttf"), "no font");
        File.WriteAllText(folder.In("readme.txt"), "no font either");
        FontFace face = InstalledFonts.In([folder.In(".")]).Single();
        Assert.That((face.Family, Path.GetFileName(face.File)), Is.EqualTo(("DejaVu Sans", "a.TTF")));
    }

    [TestCase(null, "/usr/share/fonts", "/usr/local/share/fonts")]
    [TestCase("", "/usr/share/fonts", "/usr/local/share/fonts")]
    [TestCase("/a:/b", "/a/fonts", "/b/fonts")]
    public void The_folders_of_a_Linux_system_follow_the_XDG_specification(string? dataFolders, params string[] folders) =>
        Assert.That(InstalledFonts.OfTheSystem(dataFolders), Is.EqualTo(folders));

    [Test]
    public void Every_folder_has_an_absolute_path() => Assert.That(InstalledFonts.Folders.Where(folder => !Path.IsPathRooted(folder)), Is.Empty);

    [Test]
    public void What_is_found_is_listed_even_where_something_is_missing() =>
        Assert.That(
            new FontChoice(["的"], [CarriedFont.File], ["No Such Sans"], [Folder]).Found.Select(face => face.File),
            Is.EqualTo(new[] { CarriedFont.File }));

    private static FontChoice Choose(string symbols) => new([.. symbols.Select(symbol => symbol.ToString())], [], [], [Folder]);

    private static void Refuses(FontChoice choice, string message) =>
        Assert.That(choice.Require, Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));
}
