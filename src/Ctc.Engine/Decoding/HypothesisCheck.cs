namespace Ctc.Engine.Decoding;

/// <summary>What a decoder must return.</summary>
internal static class HypothesisCheck
{
    /// <summary>Finds a fault in the result of a decoder.</summary>
    /// <param name="read">The result.</param>
    /// <param name="batch">The batch that was decoded.</param>
    /// <returns>Found; expected. Null if there is no fault.</returns>
    public static string? FindFault(IReadOnlyList<IReadOnlyList<Hypothesis>>? read, Batch batch)
    {
        if (read?.Count != batch.Size) return $"it gives hypotheses for {read?.Count ?? 0} utterances; expected {batch.Size}";
        Vocabulary vocabulary = batch.Vocabulary;
        for (int b = 0; b < read.Count; b++)
        {
            if (read[b] is null or [] || read[b].Any(hypothesis => hypothesis?.Tokens is null))
            {
                return $"it gives no hypothesis for utterance {batch.Names[b]}; expected at least one, with tokens";
            }

            foreach (Hypothesis hypothesis in read[b])
            {
                if (hypothesis.Frames is not { } frames) continue;
                string where = $"in utterance {batch.Names[b]}";
                if (frames.Length != hypothesis.Tokens.Length)
                {
                    return $"it gives {frames.Length} frames for {hypothesis.Tokens.Length} tokens {where}; expected one for each";
                }

                int stray = Enumerable.Range(0, frames.Length)
                    .FirstOrDefault(k => frames[k] < (k == 0 ? 0 : frames[k - 1]) || frames[k] >= batch.Frames[b], -1);
                if (stray < 0) continue;
                return $"it emits token {stray} in frame {frames[stray]} {where}; expected frames in [0, {batch.Frames[b]}), not descending";
            }

            foreach (long token in read[b].SelectMany(hypothesis => hypothesis.Tokens))
            {
                if (token >= 0 && token < vocabulary.TargetTokens && token != vocabulary.Blank) continue;
                string other = vocabulary.Blank is { } blank ? $" other than the blank, {blank}" : "";
                return $"it reads the token {token} in utterance {batch.Names[b]}; expected tokens in [0, {vocabulary.TargetTokens}){other}";
            }
        }

        return null;
    }
}
