namespace Ctc.Experiments.TimedTexts;

/// <summary>A text with the times of its tokens and words.</summary>
/// <param name="Name">The name of the recording.</param>
/// <param name="Duration">Its length in seconds.</param>
/// <param name="Tokens">The tokens, in order.</param>
/// <param name="Words">The words, in order; null if they are not known.</param>
public sealed record TimedText(string Name, double Duration, IReadOnlyList<TimedInterval> Tokens, IReadOnlyList<TimedInterval>? Words)
{
    private const int WidestLine = 42;
    private const double LongestPause = 0.5;

    /// <summary>Gets lines of words: at most 42 characters, if a word has no more, and no pause of more than half a second.</summary>
    public IReadOnlyList<TimedInterval>? Lines
    {
        get
        {
            if (Words is null) return null;
            var lines = new List<TimedInterval>();
            foreach (TimedInterval word in Words)
            {
                bool continues = lines.Count > 0 && word.Start - lines[^1].End <= LongestPause
                    && lines[^1].Text.Length + 1 + word.Text.Length <= WidestLine;
                if (continues) lines[^1] = new TimedInterval($"{lines[^1].Text} {word.Text}", lines[^1].Start, word.End);
                else lines.Add(new TimedInterval(word.Text, word.Start, word.End));
            }

            return lines;
        }
    }

    /// <summary>Returns the intervals of one unit.</summary>
    /// <param name="unit">The unit; null for words, and for tokens where no words are known.</param>
    /// <exception cref="InvalidDataException">No words are known.</exception>
    public IReadOnlyList<TimedInterval> Of(TimedTextUnit? unit) => unit switch
    {
        null => Words ?? Tokens,
        TimedTextUnit.Token => Tokens,
        TimedTextUnit.Word => Words,
        _ => Lines,
    } ?? throw new InvalidDataException($"{Name} has no known words; expected tokens with spaces between words, or the unit token.");
}

/// <summary>A part of a text in an interval of time.</summary>
/// <param name="Text">A token, a word or a line.</param>
/// <param name="Start">Its start in seconds.</param>
/// <param name="End">Its end in seconds, not before the start.</param>
/// <param name="Confidence">From 0 to 1; null if it is not known.</param>
public sealed record TimedInterval(string Text, double Start, double End, double? Confidence = null);

/// <summary>The parts of a text that have times.</summary>
public enum TimedTextUnit
{
    /// <summary>The tokens of a model.</summary>
    Token,

    /// <summary>Words.</summary>
    Word,

    /// <summary>Lines of a few words, as captions.</summary>
    Line,
}
