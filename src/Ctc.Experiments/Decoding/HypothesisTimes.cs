using Ctc.Engine.Decoding;

namespace Ctc.Experiments.Decoding;

/// <summary>The frames of what a hypothesis reads, from its path or from the frames in which its tokens are emitted.</summary>
internal static class HypothesisTimes
{
    /// <summary>Finds the tokens of a hypothesis.</summary>
    /// <param name="hypothesis">
    /// With a path, in which repeats are one token or several, as the tokens tell; or with the frame of each token, which the token then takes alone.
    /// </param>
    /// <param name="vocabulary">Its tokens. Those that an added one spells have the same frames.</param>
    /// <returns>In order; null if there is neither, or if the path is not of these tokens.</returns>
    public static IReadOnlyList<TimedUnit>? FindTokens(Hypothesis hypothesis, Vocabulary vocabulary)
    {
        if (hypothesis.Frames is { } emitted)
        {
            return [.. hypothesis.Tokens.Zip(emitted, (token, t) => new TimedUnit(vocabulary.Symbol(token), new FrameSpan(t, t + 1)))];
        }

        if (hypothesis.Path is not { } path) return null;
        foreach (bool merges in (bool[])[true, false])
        {
            (long Token, FrameSpan Frames)[] read = [.. TokenRuns.Find(path, vocabulary.Blank, merges)
                .SelectMany(frames => vocabulary.Spelling(path[frames.Start]).Select(token => (token, frames)))];
            if (!read.Select(one => one.Token).SequenceEqual(hypothesis.Tokens)) continue;
            return [.. read.Select(one => new TimedUnit(vocabulary.Symbol(one.Token), one.Frames))];
        }

        return null;
    }

    /// <summary>Finds the words of a hypothesis: those of a lexicon, else what is between spaces or marks of a word's start.</summary>
    /// <inheritdoc cref="FindTokens"/>
    public static IReadOnlyList<TimedUnit>? FindWords(Hypothesis hypothesis, Vocabulary vocabulary)
    {
        if (hypothesis.Words is { } known) return [.. known.Select(word => new TimedUnit(word.Word, word.Frames))];
        if (FindTokens(hypothesis, vocabulary) is not { } tokens) return null;
        return
        [
            .. SpacedWords.Find(tokens.Select(token => token.Text)).Select(word => new TimedUnit(
                word.Text, new FrameSpan(tokens[word.First].Frames.Start, tokens[word.Last].Frames.End))),
        ];
    }
}
