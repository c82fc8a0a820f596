using Ctc.Engine.Decoding.PrefixBeam;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>Scores of language model, bonus and hot words of a whole sequence, by their definition.</summary>
internal sealed class EnumeratedLanguage(Vocabulary vocabulary, PrefixBeamOptions options, ILanguageModel? model)
{
    public double Score(long[] tokens, bool ended)
    {
        string text = string.Concat(tokens.Select(vocabulary.Symbol)), separator = options.Separator;
        string[] units = model?.Unit == LanguageUnit.Word
            ? text.Split(separator, StringSplitOptions.RemoveEmptyEntries)
            : [.. tokens.Select(vocabulary.Symbol)];
        double score = options.InsertionBonus * units.Length;
        if (model is not null)
        {
            int state = model.Start;
            foreach (int unit in units.Select(model.IndexOf))
            {
                double logProb = model.LogProbability(state, unit, out state);
                score += unit >= 0 ? options.LanguageWeight * logProb
                    : options.UnknownPenalty + (double.IsInfinity(logProb) ? 0 : options.LanguageWeight * logProb);
            }

            if (ended) score += options.LanguageWeight * model.LogProbabilityOfEnd(state);
        }

        bool whole = Enumerable.Range(0, (int)vocabulary.TargetTokens)
            .Any(token => vocabulary.Symbol(token).Contains(separator, StringComparison.Ordinal));
        string border = whole ? separator : "", searched = border + text + border;
        foreach (string word in options.HotWords)
        {
            string wanted = border + word.Replace(" ", separator, StringComparison.Ordinal) + border;
            IEnumerable<int> places = Enumerable.Range(0, searched.Length);
            score += options.HotWordBonus * places.Count(at => searched.AsSpan(at).StartsWith(wanted, StringComparison.Ordinal));
        }

        return score;
    }
}
