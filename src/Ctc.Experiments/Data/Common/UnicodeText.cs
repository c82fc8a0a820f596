using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Common;

/// <summary>Text as Unicode has it: normalization forms (Unicode Standard Annex 15), without the ICU of the system, and characters.</summary>
/// <remarks>In a program without ICU, <see cref="string.Normalize()"/> returns text unchanged.</remarks>
public static class UnicodeText
{
    private static readonly Lazy<Dictionary<int, string>> Compatibility = new(() => UnicodeTable.Load("compatibility.txt").ToDictionary(
        row => UnicodeTable.CodePoint(row[0]),
        row => string.Concat(row.Skip(1).Select(code => new Rune(UnicodeTable.CodePoint(code)).ToString()))));

    /// <summary>Composes text: é is U+00E9.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in NFC.</returns>
    public static string Composed(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFC(text);

    /// <summary>Decomposes text: é is U+0065 U+0301.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in NFD.</returns>
    public static string Decomposed(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFD(text);

    /// <summary>Replaces variants by what they stand for, and composes text: the ligature ﬁ is fi, ſ is s, ² is 2.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in NFKC, by the decompositions of Unicode 14.</returns>
    public static string Compatible(string text) => Ascii.IsValid(text) ? text : Composed(string.Concat(
        text.EnumerateRunes().Select(rune => Compatibility.Value.TryGetValue(rune.Value, out string? plain) ? plain : rune.ToString())));

    /// <summary>Splits a text into characters: extended grapheme clusters (Unicode Standard Annex 29), so that é is one in any form.</summary>
    /// <param name="text">Any text. It is not normalized.</param>
    public static IReadOnlyList<string> SplitCharacters(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var characters = new List<string>(text.Length);
        for (int start = 0; start < text.Length; start += characters[^1].Length) characters.Add(StringInfo.GetNextTextElement(text, start));
        return characters;
    }
}
