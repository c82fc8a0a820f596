namespace Ctc;

/// <summary>A word of a target on a path: which symbols the path reads for it, and in which frames.</summary>
/// <param name="word">The word.</param>
/// <param name="symbols">The symbols of the pronunciation that was used.</param>
/// <param name="frames">From the first frame of its first symbol to the last frame of its last one.</param>
public sealed class WordSpan(string word, IReadOnlyList<string> symbols, FrameSpan frames)
{
    /// <summary>Gets the word.</summary>
    public string Word { get; } = word;

    /// <summary>Gets the symbols of the pronunciation that was used.</summary>
    public IReadOnlyList<string> Symbols { get; } = [.. symbols];

    /// <summary>Gets the frames, from the first one of the first symbol to the last one of the last symbol.</summary>
    public FrameSpan Frames { get; } = frames;
}
