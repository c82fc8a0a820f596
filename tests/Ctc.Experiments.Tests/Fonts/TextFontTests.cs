using Ctc.Experiments.Fonts;
using Ctc.Experiments.Pictures;

namespace Ctc.Experiments.Tests.Fonts;

public class TextFontTests
{
    [Test]
    public void Letters_that_the_program_carries_are_written_in_its_font() =>
        Assert.That(TextFont.For("pγ0ßЖ").Handle, Is.EqualTo(EmbeddedFont.Typeface.Handle));

    [Test]
    public void A_text_that_no_font_has_is_written_all_the_same()
    {
        using var sheet = new Sheet(100, 30, default);
        Assert.That(sheet.Text("\U000E0FFF", 2, 20, 12, Palette.Ink), Is.GreaterThan(2f)); // An unassigned character.
    }
}
