using System.Text.Json.Serialization;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.TimedTexts;

namespace Ctc.Experiments.Alignments;

/// <summary>The best alignment of an utterance's target with the frames of a model's output.</summary>
/// <param name="Id">The id of the utterance.</param>
/// <param name="Frames">N, the number of frames of the model's output.</param>
/// <param name="Score">The log-score of the path in nats; null if no path fits.</param>
/// <param name="Tokens">The tokens of the target with their frames; null if no path fits, or if it does not visit them one after the other.</param>
/// <param name="Words">
/// The words of the target: those of a topology with several pronunciations, otherwise what is between spaces; null if there are neither.
/// </param>
public sealed record AlignedUtterance(
    string Id, long Frames, double? Score, IReadOnlyList<AlignedToken>? Tokens, IReadOnlyList<AlignedWord>? Words)
{
    private const string Space = " ";

    /// <summary>Gets the seconds from one frame of the model's output to the next; null if unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FrameSeconds { get; init; }

    /// <summary>
    /// Gets the errors of the edges, found minus true, start and end of each token in turn; in milliseconds if the data have times, else in input
    /// frames; null if the truth is not known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? BoundaryErrors { get; init; }

    /// <summary>Gets why there is no alignment; null if there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <summary>
    /// Returns the text with times in seconds: the edges of tokens and words. The confidence is the calibrated one, or else the occupancy.
    /// </summary>
    /// <exception cref="InvalidDataException">The duration of a frame is unknown.</exception>
    /// <exception cref="InvalidOperationException">There is no alignment.</exception>
    public TimedText ToTimedText()
    {
        if (Tokens is null) throw new InvalidOperationException($"{Id} has no alignment.");
        double second = FrameSeconds ?? throw new InvalidDataException(
            $"the frames of {Id} have no known duration; expected --frame-ms, the milliseconds from one frame of the model's output to the next.");
        return new TimedText(
            Id,
            Frames * second,
            [
                .. Tokens.Where(token => token.End > token.Start)
                    .Select(token => Interval(Label(token.Symbol), token.Edges, token.Confidence ?? token.Occupancy)),
            ],
            Words?.Select(word => Interval(word.Word, word.Edges, word.Confidence ?? word.Occupancy)).ToArray());

        TimedInterval Interval(string text, FrameInterval edges, double? confidence) =>
            new(text, edges.Start * second, edges.End * second, confidence);
    }

    /// <summary>Adds the errors of the edges, if the true ones are known.</summary>
    /// <param name="utterance">The utterance, with its true spans.</param>
    /// <param name="frameMilliseconds">The duration of an input frame; null if there is none.</param>
    internal AlignedUtterance ComparedWith(Utterance utterance, double? frameMilliseconds)
    {
        if (Tokens is null || utterance.Spans is not { } truth) return this;
        double[] errors = BoundaryError.Signed(
            [.. Tokens.Select(token => token.Edges)], truth, (double)utterance.Frames / Math.Max(Frames, 1));
        return this with { BoundaryErrors = [.. errors.Select(error => error * (frameMilliseconds ?? 1))] };
    }

    // A space is visible, also as the start of a word piece.
    private static string Label(string symbol) => symbol == Space ? "<space>" : symbol.Replace(Space, "▁", StringComparison.Ordinal);
}

/// <summary>A part of a target on the best alignment.</summary>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public abstract record AlignedPart(int Start, int End)
{
    /// <summary>Gets where it begins by the kind of edges, in frames; null if that is <see cref="Start"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? From { get; init; }

    /// <summary>Gets where it ends by the kind of edges, in frames; null if that is <see cref="End"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? To { get; init; }

    /// <summary>Gets where it begins and ends, in frames.</summary>
    [JsonIgnore]
    public FrameInterval Edges => new(From ?? Start, To ?? End);

    /// <summary>Gets the geometric mean, over the frames of its tokens, of the probability that the model gives them; null if unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Posterior { get; init; }

    /// <summary>Gets the mean, over the frames of its tokens, of the share of alignments that are in their states; null if unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Occupancy { get; init; }

    /// <summary>Gets the probability that both of its edges are within the tolerance of a calibration; null if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Confidence { get; init; }
}

/// <summary>A token of a target on the best alignment.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public sealed record AlignedToken(string Symbol, int Start, int End) : AlignedPart(Start, End);

/// <summary>A word of a target on the best alignment.</summary>
/// <param name="Word">The word.</param>
/// <param name="Symbols">The symbols of the pronunciation that was used.</param>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public sealed record AlignedWord(string Word, IReadOnlyList<string> Symbols, int Start, int End) : AlignedPart(Start, End)
{
    /// <summary>The words that a topology or a decoder finds on a path.</summary>
    /// <param name="spans">Words with their frames.</param>
    public static IReadOnlyList<AlignedWord> FromSpans(IReadOnlyList<WordSpan> spans) =>
        [.. spans.Select(span => new AlignedWord(span.Word, span.Symbols, span.Frames.Start, span.Frames.End))];

    /// <summary>The words of tokens.</summary>
    internal static AlignedWord[] FromTokens(IReadOnlyList<SymbolWord> words, AlignedToken[] tokens) => [.. words.Select(word =>
    {
        AlignedToken[] own = tokens[word.First..(word.Last + 1)];
        return new AlignedWord(word.Text, [.. own.Select(token => token.Symbol)], own[0].Start, own[^1].End).Over(own);
    })];

    /// <summary>Whether the frames of a token are within those of the word; a pause that is not there has none.</summary>
    internal bool Has(AlignedToken token) => token.Start >= Start && token.End <= End && token.End > token.Start;

    /// <summary>Gives a word the edges and confidences of those tokens whose frames are within its own.</summary>
    /// <param name="tokens">The tokens of the target.</param>
    /// <returns>The word; unchanged if there is no such token.</returns>
    internal AlignedWord Over(IEnumerable<AlignedToken> tokens)
    {
        AlignedToken[] own = [.. tokens.Where(Has)];
        if (own.Length == 0) return this;
        double frames = own.Sum(token => token.End - token.Start);
        double Mean(Func<AlignedToken, double> of) => own.Sum(token => (token.End - token.Start) * of(token)) / frames;
        return this with
        {
            From = own[0].From,
            To = own[^1].To,
            Posterior = own.All(token => token.Posterior is not null) ? Math.Exp(Mean(token => Math.Log(token.Posterior!.Value))) : null,
            Occupancy = own.All(token => token.Occupancy is not null) ? Mean(token => token.Occupancy!.Value) : null,
        };
    }
}
