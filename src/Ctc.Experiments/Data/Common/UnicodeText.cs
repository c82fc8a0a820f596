using System.Text;
using ADRaffy.ENSNormalize;

namespace Ctc.Experiments.Data.Common;

/// <summary>The normalization forms of Unicode (Unicode Standard Annex 15), without the ICU of the system.</summary>
/// <remarks>In a program without ICU, <see cref="string.Normalize()"/> returns text unchanged.</remarks>
public static class UnicodeText
{
    /// <summary>Composes text: é is U+00E9.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in NFC.</returns>
    public static string Composed(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFC(text);

    /// <summary>Decomposes text: é is U+0065 U+0301.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in NFD.</returns>
    public static string Decomposed(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFD(text);
}
