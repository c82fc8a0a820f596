using Ctc.Experiments.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Pages;

/// <summary>A page of 40 × 20 pixels with two lines of ink, and its descriptions after the documentation of the schemas.</summary>
/// <remarks>The first line, "one", is black in the columns 4 to 12 and the rows 2 to 6; the second, "two words", in 4 to 30 and 10 to 16.</remarks>
internal static class PageSamples
{
    public const string Page2013 = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15";
    public const string Page2019 = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15";
    public const string Alto2 = "http://www.loc.gov/standards/alto/ns-v2#";
    public const string Alto3 = "http://www.loc.gov/standards/alto/ns-v3#";
    public const string Alto4 = "http://www.loc.gov/standards/alto/ns-v4#";

    /// <summary>PAGE-XML with polygons around the ink.</summary>
    public static string Page(string kind, string image = "page.png") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <PcGts xmlns="{kind}">
          <Metadata><Creator>by hand</Creator><Created>2026-01-01T00:00:00</Created><LastChange>2026-01-01T00:00:00</LastChange></Metadata>
          <Page imageFilename="{image}" imageWidth="40" imageHeight="20">
            <TextRegion id="r1">
              <Coords points="0,0 40,0 40,20 0,20"/>
              <TextLine id="l1">
                <Coords points="4,2 12,2 12,6 4,6"/>
                <Baseline points="4,6 12,6"/>
                <TextEquiv index="1"><Unicode>0ne</Unicode></TextEquiv>
                <TextEquiv index="0"><Unicode>one</Unicode></TextEquiv>
              </TextLine>
              <TextLine id="l2">
                <Coords points="4,10 30,10 30,16 4,16"/>
                <Word id="w1"><Coords points="4,10 15,10 15,16 4,16"/><TextEquiv><Unicode>two</Unicode></TextEquiv></Word>
                <Word id="w2"><Coords points="17,10 30,10 30,16 17,16"/><TextEquiv><PlainText>x</PlainText><Unicode>words</Unicode></TextEquiv></Word>
              </TextLine>
              <TextLine id="l3"><Coords points="4,17 8,17 8,19 4,19"/><TextEquiv><Unicode></Unicode></TextEquiv></TextLine>
            </TextRegion>
          </Page>
        </PcGts>
        """;

    /// <summary>ALTO with boxes around the ink.</summary>
    /// <param name="kind">The namespace; empty for none.</param>
    /// <param name="unit">Coordinates are pixels, or tenths of them in the other units.</param>
    public static string Alto(string kind, string unit = "pixel")
    {
        int scale = unit == "pixel" ? 1 : 10;
        string Box(int left, int top, int width, int height) =>
            $"HPOS=\"{scale * left}\" VPOS=\"{scale * top}\" WIDTH=\"{scale * width}\" HEIGHT=\"{scale * height}\"";
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <alto{(kind.Length > 0 ? $" xmlns=\"{kind}\"" : "")}>
              <Description>
                <MeasurementUnit>{unit}</MeasurementUnit>
                <sourceImageInformation><fileName>page.png</fileName></sourceImageInformation>
              </Description>
              <Layout>
                <Page ID="p1" PHYSICAL_IMG_NR="17" WIDTH="{scale * 40}" HEIGHT="{scale * 20}">
                  <PrintSpace {Box(0, 0, 40, 20)}>
                    <TextBlock ID="b1" {Box(0, 0, 40, 20)}>
                      <TextLine ID="l1" {Box(4, 2, 8, 4)} BASELINE="{scale * 6}"><String CONTENT="one" {Box(4, 2, 8, 4)}/></TextLine>
                      <TextLine ID="l2" {Box(4, 10, 26, 6)}>
                        <String CONTENT="two" {Box(4, 10, 11, 6)}/><SP WIDTH="2" VPOS="10" HPOS="15"/><String CONTENT="wor" {Box(17, 10, 13, 6)}/><HYP CONTENT="-"/>
                      </TextLine>
                    </TextBlock>
                  </PrintSpace>
                </Page>
              </Layout>
            </alto>
            """;
    }

    /// <summary>A folder with the page as page.png.</summary>
    public static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        SaveImage(folder.In("page.png"));
        return folder;
    }

    /// <summary>Writes the image of the page.</summary>
    public static void SaveImage(string file)
    {
        float[] ink = new float[40 * 20];
        for (int column = 4; column < 30; column++)
        {
            for (int row = 2; row < 16; row++) ink[column * 20 + row] = row < 6 && column < 12 ? 1 : row >= 10 ? 0.8f : 0;
        }

        LineImage.Write(file, new Utterance("page", ink, 40, []));
    }
}
