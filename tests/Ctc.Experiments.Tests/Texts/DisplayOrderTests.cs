using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Tests.Texts;

/// <summary>The bidirectional algorithm of Unicode against GNU FriBidi, and its inverse.</summary>
public class DisplayOrderTests
{
    private static readonly SymbolText AsWritten = new(UnicodeForm.None);

    [Test]
    public void Texts_are_displayed_as_FriBidi_displays_them()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach ((string logical, string displayed) in DisplayOrderCases.All) Assert.That(Displayed(logical), Is.EqualTo(displayed), logical);
        }

        Assert.That(DisplayOrderCases.All.Count(), Is.EqualTo(140));
    }

    [Test]
    public void What_is_turned_back_is_displayed_as_before()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach ((_, string displayed) in DisplayOrderCases.All) Assert.That(Displayed(Logical(displayed)), Is.EqualTo(displayed));
        }
    }

    [TestCase("ABC_DEF")]
    [TestCase("AB_12_CD")]
    [TestCase("AB,_12.5%!")]
    [TestCase("ABCD_abc_12")]
    [TestCase("AB_(cd)_EF")]
    [TestCase("GH_12,5_IK")]
    [TestCase("ab_(CD_EF)_gh")]
    [TestCase("plain_12_(text)")]
    public void Common_texts_are_read_as_they_were_written(string notation)
    {
        string text = DisplayOrderCases.Written(notation);
        Assert.That(Logical(Displayed(text)), Is.EqualTo(text));
    }

    // All texts over a letter of each class, a digit of each kind and three kinds of signs. Of five signs, G1a%A and G1a%1 are not found.
    [TestCase(3, 584, 0)]
    [TestCase(5, 37_448, 2, Category = "Long")]
    public void Every_short_text_is_turned_back_into_one_that_looks_the_same(int longest, int all, int most)
    {
        char[] signs = [.. DisplayOrderCases.Written("AGa1p_(%")];
        List<string> texts = [""];
        int failures = 0, count = 0;
        for (int length = 1; length <= longest; length++)
        {
            texts = [.. texts.SelectMany(_ => signs, (text, sign) => text + sign)];
            failures += texts.Count(text => Displayed(Logical(Displayed(text))) != Displayed(text));
            count += texts.Count;
        }

        Assert.That(count, Is.EqualTo(all));
        Assert.That(failures, Is.LessThanOrEqualTo(most));
    }

    [Test]
    public void Marks_stay_with_their_letters_and_invisible_characters_are_left_out() =>
        Assert.That(
            DisplayOrder.FromLogical(AsWritten.Split("\u05D0\u05B0\u05D1\u200F \u202Eab\u202C")),
            Is.EqualTo(new[] { "a", "b", " ", "\u05D1", "\u05D0\u05B0" }));

    private static string Displayed(string text) => string.Concat(DisplayOrder.FromLogical(AsWritten.Split(text)));

    private static string Logical(string text) => string.Concat(DisplayOrder.ToLogical(AsWritten.Split(text)));
}
