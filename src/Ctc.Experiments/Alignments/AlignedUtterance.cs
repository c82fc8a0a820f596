namespace Ctc.Experiments.Alignments;

/// <summary>The best alignment of an utterance's target with the frames of a model's output.</summary>
/// <param name="Id">The id of the utterance.</param>
/// <param name="Frames">N, the number of frames of the model's output.</param>
/// <param name="Score">The log-score of the path in nats; null if no path fits.</param>
/// <param name="Tokens">The tokens of the target with their frames; null if no path fits, or if it does not visit them one after the other.</param>
/// <param name="Words">The words of the target, under a topology with several pronunciations; otherwise null.</param>
public sealed record AlignedUtterance(
    string Id, long Frames, double? Score, IReadOnlyList<AlignedToken>? Tokens, IReadOnlyList<AlignedWord>? Words);

/// <summary>A token of a target on the best alignment.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public sealed record AlignedToken(string Symbol, int Start, int End);

/// <summary>A word of a target on the best alignment.</summary>
/// <param name="Word">The word.</param>
/// <param name="Symbols">The symbols of the pronunciation that was used.</param>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public sealed record AlignedWord(string Word, IReadOnlyList<string> Symbols, int Start, int End)
{
    /// <summary>The words that a topology or a decoder finds on a path.</summary>
    /// <param name="spans">Words with their frames.</param>
    public static IReadOnlyList<AlignedWord> FromSpans(IReadOnlyList<WordSpan> spans) =>
        [.. spans.Select(span => new AlignedWord(span.Word, span.Symbols, span.Frames.Start, span.Frames.End))];
}
