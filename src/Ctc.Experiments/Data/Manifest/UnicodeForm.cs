namespace Ctc.Experiments.Data.Manifest;

/// <summary>A normalization form of Unicode (Unicode Standard Annex 15). Texts that look alike have one spelling in it.</summary>
public enum UnicodeForm
{
    /// <summary>Composed: é is U+00E9.</summary>
    Nfc,

    /// <summary>Decomposed: é is U+0065 U+0301.</summary>
    Nfd,

    /// <summary>Composed, with variants replaced by what they stand for: the ligature ﬁ is fi.</summary>
    Nfkc,

    /// <summary>Text remains as it is written.</summary>
    None,
}
