namespace Ctc.Experiments.Decoding;

/// <summary>What a decoder reads in one input.</summary>
/// <param name="name">The name of the input, such as its file.</param>
/// <param name="frames">N, the number of frames of the model's output.</param>
/// <param name="hypotheses">At least one, the best first.</param>
/// <param name="vocabulary">The tokens, with symbols.</param>
/// <param name="toText">Joins symbols to text; by default in their order. It is that of the data source.</param>
public sealed class DecodedInput(
    string name, long frames, IReadOnlyList<Hypothesis> hypotheses, Vocabulary vocabulary, Func<IReadOnlyList<string>, string>? toText = null)
{
    /// <summary>Gets the name of the input, such as its file.</summary>
    public string Name { get; } = name;

    /// <summary>Gets N, the number of frames of the model's output.</summary>
    public long Frames { get; } = frames;

    /// <summary>Gets the milliseconds from one frame of the model's output to the next; null, the default, if unknown.</summary>
    public double? FrameMilliseconds { get; init; }

    /// <summary>Gets what was read, the best first; at least one.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; } = hypotheses;

    /// <summary>Gets the symbols of the tokens.</summary>
    public Alphabet Alphabet => vocabulary.Alphabet!;

    /// <summary>Gets the text of the best hypothesis.</summary>
    public string Text => Format(Hypotheses[0]);

    /// <summary>Returns the same under another name.</summary>
    /// <param name="name">The name.</param>
    public DecodedInput WithName(string name) => new(name, Frames, Hypotheses, vocabulary, toText) { FrameMilliseconds = FrameMilliseconds };

    /// <summary>Finds the tokens of a hypothesis on its path, or in the frames in which they are emitted.</summary>
    /// <param name="hypothesis">One of <see cref="Hypotheses"/>.</param>
    /// <returns>In order; null if the decoder gives neither, or a path of other tokens.</returns>
    public IReadOnlyList<TimedUnit>? FindTokens(Hypothesis hypothesis) => HypothesisTimes.FindTokens(hypothesis, vocabulary);

    /// <summary>Finds the words of a hypothesis as its tokens: those of a lexicon, else what is between spaces or marks of a word's start.</summary>
    /// <inheritdoc cref="FindTokens"/>
    public IReadOnlyList<TimedUnit>? FindWords(Hypothesis hypothesis) => HypothesisTimes.FindWords(hypothesis, vocabulary);

    /// <summary>Writes a hypothesis as text.</summary>
    /// <param name="hypothesis">One of <see cref="Hypotheses"/>.</param>
    /// <returns>The words of a lexicon with a space between them, if it has words; else the joined symbols.</returns>
    public string Format(Hypothesis hypothesis) =>
        hypothesis.Words is { } words ? string.Join(' ', words.Select(word => word.Word))
        : toText is null ? Alphabet.Format(hypothesis.Tokens) : toText([.. hypothesis.Tokens.Select(token => Alphabet[token])]);
}
