using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Lexica;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>The scores of all sequences of words of a lexicon, by definition: the sum over the ways to pronounce and to separate them.</summary>
internal sealed class EnumeratedWords(Vocabulary vocabulary, Lexicon lexicon, PrefixBeamOptions options, ILanguageModel? model, bool isSeparated)
{
    private readonly List<(long[] Tokens, Pronunciation[] Words)> all = [];

    /// <summary>Returns the log-score of each sequence of words, joined by |, from the probability of each sequence of tokens.</summary>
    public Dictionary<string, double> Score(IReadOnlyDictionary<string, double> probabilities, int frames)
    {
        all.Clear();
        Continue([], [], mayBegin: true, frames);
        var scores = new Dictionary<string, double>();
        foreach ((long[] tokens, Pronunciation[] words) in all)
        {
            if (!probabilities.TryGetValue(string.Join(' ', tokens), out double probability)) continue;
            string key = string.Join('|', words.Select(word => word.Word));
            double weight = words.Aggregate(1.0, (product, word) => product * word.Weight);
            scores[key] = scores.GetValueOrDefault(key) + (probability * weight * Math.Exp(Language(tokens, [.. words.Select(word => word.Word)])));
        }

        return scores.ToDictionary(one => one.Key, one => Math.Log(one.Value));
    }

    private void Continue(long[] tokens, Pronunciation[] words, bool mayBegin, int frames)
    {
        if (tokens.Length > frames) return;
        all.Add((tokens, words));
        if (isSeparated) Continue([.. tokens, vocabulary.Alphabet!.Token(options.Separator)], words, mayBegin: true, frames);
        if (!mayBegin) return;
        foreach (Pronunciation one in lexicon.Pronunciations)
        {
            Continue([.. tokens, .. one.Symbols.Select(vocabulary.Alphabet!.Token)], [.. words, one], mayBegin: !isSeparated, frames);
        }

        if (options.UnknownWord is not { } unknown) return;
        foreach (string[] symbols in Spellings([], frames - tokens.Length))
        {
            if (lexicon.Pronunciations.Any(one => one.Symbols.SequenceEqual(symbols))) continue;
            var other = new Pronunciation(string.Concat(symbols), symbols, Math.Exp(unknown));
            Continue([.. tokens, .. symbols.Select(vocabulary.Alphabet!.Token)], [.. words, other], mayBegin: false, frames);
        }
    }

    private IEnumerable<string[]> Spellings(string[] begun, int most) => most == 0 ? [] : vocabulary.Alphabet!.Symbols
        .Where(symbol => symbol != options.Separator)
        .SelectMany(symbol => Spellings([.. begun, symbol], most - 1).Prepend([.. begun, symbol]));

    private double Language(long[] tokens, string[] words)
    {
        double score = options.InsertionBonus * words.Length;
        if (model is not null)
        {
            int state = model.Start;
            foreach (int unit in (model.Unit == LanguageUnit.Word ? words : tokens.Select(vocabulary.Symbol)).Select(model.IndexOf))
            {
                double logProb = model.LogProbability(state, unit, out state);
                score += (options.LanguageWeight * logProb) + (unit >= 0 ? 0 : options.UnknownPenalty);
            }

            score += options.LanguageWeight * model.LogProbabilityOfEnd(state);
        }

        string searched = $" {string.Join(' ', words)} ";
        IEnumerable<int> places = Enumerable.Range(0, searched.Length);
        return score + options.HotWords.Sum(word =>
            options.HotWordBonus * places.Count(at => searched.AsSpan(at).StartsWith($" {word} ", StringComparison.Ordinal)));
    }
}
