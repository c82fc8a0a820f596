using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>Normalization of texts, and their split into symbols.</summary>
public class SymbolTextTests
{
    [TestCase("e\u0301a", "e\u0301", "a")]
    [TestCase("👩‍👩‍👧e", "👩‍👩‍👧", "e")]
    [TestCase("ก็𝒳", "ก็", "𝒳")]
    [TestCase("")]
    public void Text_is_split_into_what_readers_take_for_characters(string text, params string[] symbols) =>
        Assert.That(new SymbolText(UnicodeForm.None).Split(text), Is.EqualTo(symbols));

    [TestCase(UnicodeForm.Nfc, "\u00E9", "\u00E9")]
    [TestCase(UnicodeForm.Nfd, "e\u0301", "e\u0301")]
    [TestCase(UnicodeForm.None, "e\u0301", "\u00E9")]
    public void One_option_decides_on_the_spelling_of_what_looks_alike(UnicodeForm form, string first, string second)
    {
        var symbols = new SymbolText(form);
        Assert.That(symbols.Split("e\u0301\u00E9"), Is.EqualTo(new[] { first, second }));
        Assert.That(symbols.Symbol("e\u0301"), Is.EqualTo(first));
    }

    // Unicode Standard Annex 15: order of marks, a composition exclusion, Hangul, a singleton.
    [TestCase("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [TestCase("\u0958", "\u0915\u093C", "\u0915\u093C")]
    [TestCase("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [TestCase("\u212B", "\u00C5", "A\u030A")]
    [TestCase("\uFB01", "\uFB01", "\uFB01")]
    public void Normalization_needs_no_library_of_the_system(string text, string composed, string decomposed) =>
        Assert.That(
            (new SymbolText(UnicodeForm.Nfc).Symbol(text), new SymbolText(UnicodeForm.Nfd).Symbol(text)), Is.EqualTo((composed, decomposed)));

    [Test]
    public void The_form_is_NFC_by_default() =>
        Assert.That(new ManifestOptions { Train = "", Test = "" }.Normalization, Is.EqualTo(UnicodeForm.Nfc));

    // Combining marks alone, symbols of several letters, and what is not listed.
    [TestCase("ก\n\u0E34\n\u0E48\n\u0E32", "ก\u0E34\u0E48ก\u0E32", "ก", "\u0E34", "\u0E48", "ก", "\u0E32")]
    [TestCase("s\nsch\nsc", "schscas", "sch", "sc", "a", "s")]
    [TestCase("x", "👩‍👩‍👧xe\u0302\u0301", "👩‍👩‍👧", "x", "e\u0302\u0301")]
    [TestCase("e", "e\u0302", "e", "\u0302")]
    [TestCase(" \n𝒳", "a 𝒳", "a", " ", "𝒳")]
    public void The_longest_listed_symbol_is_taken_at_each_place(string listed, string text, params string[] symbols)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("listed"), listed);
        Assert.That(new SymbolText(UnicodeForm.None, folder.In("listed")).Split(text), Is.EqualTo(symbols));
    }

    [Test]
    public void A_dictionary_may_repeat_a_symbol_and_spell_it_in_another_form()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("listed"), "\u0F00\r\n\u0F01\n\u0F00\n\ne\u0301\n\u00E9");
        Assert.That(
            new SymbolText(UnicodeForm.Nfc, folder.In("listed")).Listed, Is.EquivalentTo(new[] { "\u0F00", "\u0F01", "\u00E9" }));
    }

    [TestCase("a", "'a'")]
    [TestCase(" ", "' '")]
    [TestCase("e\u0301", "'e\u0301' U+0065 U+0301")]
    [TestCase("\u0430", "'\u0430' U+0430")]
    [TestCase("𝒳", "'𝒳' U+1D4B3")]
    public void Messages_show_the_code_points_of_symbols_that_may_look_like_others(string symbol, string quoted) =>
        Assert.That(CodePoints.Quote(symbol), Is.EqualTo(quoted));
}
