using System.Globalization;
using Ctc.Experiments.Data.Pages;

namespace Ctc.Experiments.Tests.Data.Pages;

/// <summary>Each construct that the documentation of the schemas of PAGE-XML and ALTO describes for lines, and what is read of it.</summary>
/// <remarks>
/// Sources: the annotations of the schemas, whose version each file of the folder Samples names, and the use cases of ALTO's shapes.
/// </remarks>
public class PageSchemaTests
{
    [TestCase(
        "page-2010-03-19.xml",
        "l1: 'a ﬁne day' 10,10 200,12 200,40 10,38 of 400,300",
        "l2: 'plain alone' 10,50 200,50 200,80 10,80 of 400,300")]
    [TestCase(
        "page-2013-07-15.xml",
        "alternatives: 'first' 10,10 200,10 200,40 10,40 of 400,300",
        "words: 'two words' 10,50 200,50 200,80 10,80 of 400,300",
        "glyphs: 'gﬂ y' 10,90 200,90 200,120 10,120 of 400,300")]
    [TestCase(
        "page-2019-07-15.xml",
        "d1: 'T' 60,10 100,10 100,50 60,50 of 400,300",
        "l2: 'broken over lines of XML' 60,60 390,60 390,90 60,90 of 400,300",
        "l1: 'he first line' 110,10 390,10 390,40 110,40 of 400,300",
        "m1: 'read with the head to the right' 10,10 40,10 40,150 10,150 of 400,300 turned 3",
        "c1: 'a turned table' 60,160 100,160 100,290 60,290 of 400,300 turned 1")]
    [TestCase(
        "alto-2-1.xml",
        "number: '81' 490,100 520,100 520,120 490,120 of 1000,1500 scaled",
        "hyphen: 'an eve-' 90.5,130 950,130 950,190 90.5,190 of 1000,1500 scaled",
        "substituted: 'ning Dr.' 90,200 950,200 950,260 90,260 of 1000,1500 scaled",
        "soft: 'Aepfel sam-' 90,270 950,270 950,330 90,330 of 1000,1500 scaled")]
    [TestCase(
        "alto-4-4.xml",
        "baseline: 'more' 10,35 210,35 210,65 10,65 of 400,300",
        "words: 'two words' 10,50 210,50 210,82 10,82 of 400,300",
        "band: 'above' 10,70 210,70 210,110 10,110 of 400,300",
        "4: 'below' 10,110 210,110 210,150 10,150 of 400,300",
        "rtl: 'אב 12' 220,10 250,10 250,210 220,210 of 400,300 turned 1")]
    public void Lines_are_read_as_the_schema_says(string file, params string[] lines) =>
        Assert.That(Load(file).Select(Describe), Is.EqualTo(lines));

    [Test]
    public void Shapes_of_ALTO_3_and_rotations_are_read()
    {
        Dictionary<string, PageLine> lines = Load("alto-3-1.xml").ToDictionary(line => line.Id);
        const string OfPage = " of 4000,6000 scaled";
        Assert.That(Describe(lines["initial"]), Is.EqualTo($"initial: 'On top' 320,1450 1020,1450 1020,1500 420,1500 420,1550 320,1550{OfPage}"));
        Assert.That(Describe(lines["down"]), Is.EqualTo($"down: 'Amsterdam' 100,100 150,100 150,1000 100,1000{OfPage} turned 3"));
        Assert.That(Describe(lines["upright"]), Is.EqualTo($"upright: 'upright' 200,100 1100,100 1100,150 200,150{OfPage}"));
        Assert.That(Describe(lines["skewed"]), Does.EndWith(OfPage), "of 315 degrees the nearest turn is a whole one");
        Assert.That(Box(lines["circle"]), Is.EqualTo(new[] { 400, 1900, 600, 2100 }).Within(1e-9));
        Assert.That(Box(lines["ellipse"]), Is.EqualTo(new[] { 300, 2450, 700, 2550 }).Within(1e-9));
    }

    private static IReadOnlyList<PageLine> Load(string file) =>
        PageFile.Load(Path.Combine(TestContext.CurrentContext.TestDirectory, "pages", file))!.Single().Lines;

    private static string Describe(PageLine line) => $"{line.Id}: '{line.Text}' {line.Region}";

    // Left, top, right and bottom of a region.
    private static double[] Box(PageLine line)
    {
        double[][] points =
        [
            .. line.Region.ToString().Split(" of ")[0].Split(' ')
                .Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()),
        ];
        return [points.Min(point => point[0]), points.Min(point => point[1]), points.Max(point => point[0]), points.Max(point => point[1])];
    }
}
