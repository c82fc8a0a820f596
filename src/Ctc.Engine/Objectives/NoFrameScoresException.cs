namespace Ctc.Engine.Objectives;

/// <summary>A part reads a quantity that a transducer does not have.</summary>
/// <param name="quantity">The quantity, in words.</param>
internal sealed class NoFrameScoresException(string quantity)
    : InvalidOperationException(
        $"it reads {quantity} of each frame, and a transducer has none, because its scores depend on the tokens before, [B, T, U+1, V]; " +
        "expected a part that reads the loss, the entropy of the alignment, its places, or targets and lengths")
{
    /// <summary>Gets the quantity, in words.</summary>
    public string Quantity => quantity;
}
