namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The tokens whose scores are read in a frame.</summary>
/// <param name="Tokens">The tokens: the first <paramref name="Count"/> entries. All of the vocabulary in order, if <paramref name="All"/>.</param>
/// <param name="Count">Their number.</param>
/// <param name="Used">The index of one that some state has.</param>
/// <param name="All">Whether these are all tokens.</param>
/// <param name="Unused">−∞ for each token that no state has, and 0 for the others and behind the last token.</param>
internal readonly record struct TokenList(int[] Tokens, int Count, int Used, bool All, float[] Unused);
