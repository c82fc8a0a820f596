using Ctc.Experiments.Decoding;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Tests.Decoding;

/// <summary>Readings along the frames as texts in the order of reading.</summary>
public class DecodedInputTests
{
    private static readonly Alphabet Letters = new(["א", "ב", "ג", " ", "1", "2"]);

    // On paper, from left to right: 12, a space, gimel, a space, bet, alef.
    private static readonly Hypothesis Displayed = new([5, 6, 4, 3, 4, 2, 1], 0) { Path = [5, 6, 4, 3, 4, 2, 1] };

    [Test]
    public void Symbols_in_the_order_of_display_are_text_in_the_order_of_reading()
    {
        Assert.That(Read(Displayed).Text, Is.EqualTo("אב ג 12"));
        Assert.That(new DecodedInput("x", 7, [Displayed], new Vocabulary(Letters)).Text, Is.EqualTo("12 ג בא"), "without a source");
    }

    private static DecodedInput Read(Hypothesis hypothesis) =>
        new("x", 7, [hypothesis], new Vocabulary(Letters), symbols => string.Concat(DisplayOrder.ToLogical(symbols)));
}
