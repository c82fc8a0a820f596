using Ctc.Experiments.Fonts;
using Ctc.Experiments.Pictures;

namespace Ctc.Experiments.Tests.Fonts;

public class EmbeddedFontTests
{
    [Test]
    public void The_program_contains_its_font() => Assert.That(EmbeddedFont.Typeface.FamilyName, Is.EqualTo("DejaVu Sans"));

    [Test]
    public void It_has_every_sign_that_pictures_use() =>
        Assert.That(EmbeddedFont.Typeface.ContainsGlyphs("pγ0123456789✓✗∅␣ßéЖ×·%"), Is.True);

    [Test]
    public void Plots_get_it_from_the_program_and_not_from_the_machine()
    {
        EmbeddedFont.MakeKnown();
        using var font = ScottPlot.Fonts.FontResolvers[0].CreateTypeface(EmbeddedFont.Name, bold: false, italic: false);
        Assert.That(ScottPlot.Fonts.FontResolvers[0], Is.TypeOf<EmbeddedFont.Resolver>());
        Assert.That(font?.FamilyName, Is.EqualTo("DejaVu Sans"));
    }

    [Test]
    public void Text_leaves_ink()
    {
        using var sheet = new Sheet(100, 30, default);
        Assert.That(Sheet.Measure("target", 12), Is.InRange(30f, 60f));
        Assert.That(sheet.Text("target", 2, 20, 12, Palette.Ink), Is.InRange(32f, 62f));
    }
}
