using System.Text;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Pages;

/// <summary>PAGE-XML and ALTO: their lines, and what is said of wrong ones.</summary>
public class PageFileTests
{
    private static readonly SymbolText AsWritten = new(UnicodeForm.None);

    [TestCase(PageSamples.Page2013)]
    [TestCase(PageSamples.Page2019)]
    public void Lines_of_PAGE_are_cut_by_their_polygons(string kind)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        IReadOnlyList<ManifestLine> lines = Load(folder, PageSamples.Page(kind));
        Assert.That(lines.Select(line => (line.Id, Text(line))), Is.EqualTo(new[] { ("page.xml#l1", "one"), ("page.xml#l2", "two words") }));
        AssertAreInk(lines);
    }

    [TestCase("")]
    [TestCase(PageSamples.Alto2)]
    [TestCase(PageSamples.Alto3)]
    [TestCase(PageSamples.Alto4)]
    public void Lines_of_ALTO_are_cut_by_their_boxes(string kind)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        IReadOnlyList<ManifestLine> lines = Load(folder, PageSamples.Alto(kind));
        Assert.That(lines.Select(line => (line.Id, Text(line))), Is.EqualTo(new[] { ("page.xml#l1", "one"), ("page.xml#l2", "two wor-") }));
        AssertAreInk(lines);
    }

    [TestCase("mm10")]
    [TestCase("inch1200")]
    public void Lengths_of_ALTO_are_scaled_to_the_image(string unit)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        AssertAreInk(Load(folder, PageSamples.Alto(PageSamples.Alto3, unit)));
    }

    [TestCase("4,2 12,2 12,6 4,6")]
    [TestCase("4 2 12 2 12 6 4 6")]
    public void A_polygon_of_ALTO_comes_before_its_box(string points)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        string alto = PageSamples.Alto(PageSamples.Alto4)
            .Replace("HPOS=\"4\" VPOS=\"2\" WIDTH=\"8\" HEIGHT=\"4\" BASELINE=\"6\">", $"HPOS=\"0\" VPOS=\"0\" WIDTH=\"9\" HEIGHT=\"9\"><Shape><Polygon POINTS=\"{points}\"/></Shape>", StringComparison.Ordinal);
        AssertAreInk(Load(folder, alto));
    }

    [Test]
    public void Pages_of_one_ALTO_are_those_of_a_TIFF()
    {
        using var folder = new TemporaryFolder();
        WrittenTiff.Save(folder.In("page.tif"), BitMiracle.LibTiff.Classic.Compression.CCITTFAX4, [[255, 255, 0, 0], [0, 0, 255, 255]]);
        const string Page = "<Page WIDTH=\"10\" HEIGHT=\"2\"><TextLine HPOS=\"0\" VPOS=\"0\" WIDTH=\"10\" HEIGHT=\"1\"><String CONTENT=\"a\"/></TextLine></Page>";
        IReadOnlyList<ManifestLine> lines = Load(folder, $"<alto><Layout>{Page}{Page.Replace("TextLine ", "TextLine ID=\"b\" ", StringComparison.Ordinal)}</Layout></alto>");
        var pages = new PageImages();
        Assert.That(lines.Select(line => line.Id), Is.EqualTo(new[] { "page.xml#1", "page.xml#b" }));
        Assert.That(
            lines.Select(line => LineImage.LoadFeatures(line.Part, pages, 1, ReadingDirection.LeftToRight)),
            Is.EqualTo(new[] { Enumerable.Repeat(1f, 10), Enumerable.Repeat(0f, 10) }));
    }

    [Test]
    public void Words_without_an_SP_between_them_have_a_space()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        string alto = PageSamples.Alto(PageSamples.Alto2).Replace("<SP WIDTH=\"2\" VPOS=\"10\" HPOS=\"15\"/>", "", StringComparison.Ordinal);
        Assert.That(Text(Load(folder, alto)[1]), Is.EqualTo("two wor-"));
    }

    [Test]
    public void Points_of_the_schema_of_2010_are_elements()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        string page = PageSamples.Page("http://schema.primaresearch.org/PAGE/gts/pagecontent/2010-03-19").Replace(
            "<Coords points=\"4,2 12,2 12,6 4,6\"/>",
            "<Coords><Point x=\"4\" y=\"2\"/><Point x=\"12\" y=\"2\"/><Point x=\"12\" y=\"6\"/><Point x=\"4\" y=\"6\"/></Coords>",
            StringComparison.Ordinal);
        AssertAreInk(Load(folder, page));
    }

    // The baselines are 8 rows apart: 6 rows above and 2 below each of them.
    [Test]
    public void A_baseline_alone_is_a_band_as_high_as_baselines_are_apart()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        const string Lines = "<TextLine id=\"a\"><Coords points=\"\"/><Baseline points=\"4,8 12,8\"/><TextEquiv><Unicode>a</Unicode></TextEquiv></TextLine>" +
            "<TextLine id=\"b\"><Baseline points=\"4,16 30,16\"/><TextEquiv><Unicode>b</Unicode></TextEquiv></TextLine>";
        IReadOnlyList<ManifestLine> lines = Load(folder, Minimal(Lines));
        Assert.That(lines[0].Part.Region!.ToString(), Is.EqualTo("4,2 12,2 12,10 4,10 of 40,20"));
        Assert.That(lines[1].Part.Region!.ToString(), Is.EqualTo("4,10 30,10 30,18 4,18 of 40,20"));
        Refuses(folder, Minimal(Lines[..Lines.IndexOf("<TextLine id=\"b\"", StringComparison.Ordinal)]),
            ":1: the line has a baseline alone; expected a polygon or a box, or other baselines in its block.");
    }

    [TestCase("C:\\scans\\page.png")]
    [TestCase("elsewhere/page.png")]
    [TestCase("no.png")]
    public void A_page_is_found_by_the_name_of_its_image_or_of_its_file(string image)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        Assert.That(Load(folder, PageSamples.Page(PageSamples.Page2019, image))[0].File, Is.EqualTo(folder.In("page.png")));
        Directory.CreateDirectory(folder.In("page"));
        File.WriteAllText(folder.In("page", "page.xml"), PageSamples.Page(PageSamples.Page2019, image));
        Assert.That(ManifestFile.Load(folder.In("page", "page.xml"), AsWritten)[0].File, Is.EqualTo(folder.In("page.png")), "in a folder beside");
        Directory.CreateDirectory(folder.In("empty"));
        Assert.That(
            () => ManifestFile.Load(folder.In("page.xml"), AsWritten, folder.In("empty")),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{folder.In("page.xml")}:4: the image is {image}; expected a file, but "));
    }

    [Test]
    public void Encodings_are_those_that_XML_declares()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        string page = PageSamples.Page(PageSamples.Page2019).Replace(">one<", ">ö<", StringComparison.Ordinal);
        foreach ((string name, Encoding encoding) in new[] { ("UTF-16", Encoding.Unicode), ("ISO-8859-1", Encoding.Latin1), ("UTF-8", Encoding.UTF8) })
        {
            File.WriteAllText(folder.In("page.xml"), page.Replace("UTF-8", name, StringComparison.Ordinal), encoding);
            Assert.That(Text(ManifestFile.Load(folder.In("page.xml"), AsWritten)[0]), Is.EqualTo("ö"), name);
        }
    }

    [TestCase("<TextLine><Coords points=\"1,2 3,4\"/><TextEquiv><Unicode>a</Unicode></TextEquiv></TextLine>",
        ":1: Coords is '1,2 3,4'; expected 3 points or more, such as 10,20 50,20 50,40.")]
    [TestCase("<TextLine><Coords points=\"1,2 3,4 5,x\"/></TextLine>", ":1: Coords is '1,2 3,4 5,x'; expected 3 points or more, such as 10,20 50,20 50,40.")]
    [TestCase("<TextLine><TextEquiv><Unicode>a</Unicode></TextEquiv></TextLine>", ":1: the line has no region; expected a polygon, a box or a baseline.")]
    [TestCase("<TextLine><Word><TextEquiv><Unicode>a</Unicode></TextEquiv></Word><Word/></TextLine>",
        ":1: some parts of TextLine have text, and others none; expected text of all.")]
    [TestCase("", " has no line with a text; expected at least one.")]
    public void What_is_wrong_in_a_page_is_said_in_one_sentence(string lines, string message)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        Refuses(folder, Minimal(lines), message);
    }

    [TestCase("pixel", "furlong", ":4: MeasurementUnit is 'furlong'; expected one of pixel, mm10, inch1200.")]
    [TestCase("WIDTH=\"8\"", "WIDTH=\"8x\"", ":11: WIDTH is '8x'; expected a number.")]
    [TestCase("<String CONTENT=\"one\"", "<String", ":11: String has no CONTENT; expected its text.")]
    [TestCase("HPOS=\"4\" VPOS=\"2\" WIDTH=\"8\" HEIGHT=\"4\"", "", ":11: the line has no region; expected a polygon, a box or a baseline.")]
    [TestCase("page.png", "no.png", null)]
    public void What_is_wrong_in_ALTO_is_said_in_one_sentence(string found, string written, string? message)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        string alto = PageSamples.Alto(PageSamples.Alto4).Replace(found, written, StringComparison.Ordinal);
        if (message is null) Assert.That(Load(folder, alto)[0].File, Is.EqualTo(folder.In("page.png")), "by the name of the file");
        else Refuses(folder, alto, message);
    }

    [Test]
    public void Other_XML_and_broken_XML_are_refused()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        Refuses(folder, "<mets/>", " is XML of another kind; expected PAGE-XML or ALTO.");
        File.WriteAllText(folder.In("page.xml"), "<PcGts>\n<Page>");
        Assert.That(
            () => ManifestFile.Load(folder.In("page.xml"), AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.Match("page.xml:2: .*; expected well-formed XML, PAGE-XML or ALTO.$"));
    }

    [Test]
    public void Entities_are_not_resolved()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        File.WriteAllText(folder.In("page.xml"), $"<!DOCTYPE x [<!ENTITY e SYSTEM \"{folder.In("page.png")}\">]>\n<mets>&e;</mets>");
        Assert.That(() => ManifestFile.Load(folder.In("page.xml"), AsWritten), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Damaged_pages_are_read_or_refused() => ReadDamaged(100);

    [Test]
    [Category("Long")]
    public void Many_damaged_pages_are_read_or_refused() => ReadDamaged(1000);

    private static void ReadDamaged(int count)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        byte[][] whole = [.. new[] { PageSamples.Page(PageSamples.Page2019), PageSamples.Alto(PageSamples.Alto4) }.Select(Encoding.UTF8.GetBytes)];
        var random = new Random(16);
        var pages = new PageImages();
        int read = 0;
        for (int i = 0; i < 2 * count; i++)
        {
            File.WriteAllBytes(folder.In("page.xml"), DamagedText.Of(whole[i % 2], "<>/=\"' ,;&#0129.-"u8, random));
            try
            {
                foreach (ManifestLine line in ManifestFile.Load(folder.In("page.xml"), AsWritten))
                {
                    LineImage.LoadFeatures(line.Part, pages, 4, ReadingDirection.LeftToRight);
                }

                read++;
            }
            catch (InvalidDataException refusal)
            {
                Assert.That(refusal.Message, Does.Contain(folder.Path));
                Assert.That(refusal.Message.Split('\n'), Has.All.Contain("expected"));
            }
        }

        Assert.That(read, Is.InRange(count / 10, count * 19 / 10), "some of each kind");
    }

    private static void AssertAreInk(IReadOnlyList<ManifestLine> lines)
    {
        var pages = new PageImages();
        float[][] ink = [.. lines.Select((line, i) => LineImage.LoadFeatures(line.Part, pages, i == 0 ? 4 : 6, ReadingDirection.LeftToRight))];
        Assert.That(ink[0], Is.EqualTo(Enumerable.Repeat(1f, 8 * 4)));
        Assert.That(ink[1], Is.EqualTo(Enumerable.Repeat(0.8f, 26 * 6)).Within(1e-6));
    }

    private static string Minimal(string lines) =>
        $"<PcGts xmlns=\"{PageSamples.Page2019}\"><Page imageFilename=\"page.png\" imageWidth=\"40\" imageHeight=\"20\"><TextRegion>{lines}</TextRegion></Page></PcGts>";

    private static string Text(ManifestLine line) => string.Concat(line.Symbols);

    private static IReadOnlyList<ManifestLine> Load(TemporaryFolder folder, string xml)
    {
        File.WriteAllText(folder.In("page.xml"), xml);
        return ManifestFile.Load(folder.In("page.xml"), AsWritten);
    }

    private static void Refuses(TemporaryFolder folder, string xml, string message) => Assert.That(
        () => Load(folder, xml), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(folder.In("page.xml") + message));
}
