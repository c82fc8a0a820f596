namespace Ctc.Experiments.Decoding;

/// <summary>A word or token that is read, with its frames.</summary>
/// <param name="Text">The word, or the symbol of the token.</param>
/// <param name="Frames">Frames of the model's output on the best path of the hypothesis.</param>
public sealed record TimedUnit(string Text, FrameSpan Frames);
