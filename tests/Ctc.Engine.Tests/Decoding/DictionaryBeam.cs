namespace Ctc.Engine.Tests.Decoding;

/// <summary>Prefix beam search as in a textbook: a dictionary from prefixes to two probabilities.</summary>
internal static class DictionaryBeam
{
    public static IReadOnlyList<(long[] Tokens, double Sum)> Decode(double[][] frames, int blank, int width, Func<long[], double> language)
    {
        var beam = new List<(long[] Tokens, double Blank, double Other)> { ([], 0, double.NegativeInfinity) };
        foreach (double[] frame in frames)
        {
            var next = new Dictionary<string, (long[] Tokens, double Blank, double Other)>();
            foreach ((long[] tokens, double ofBlank, double ofOther) in beam)
            {
                double sum = Add(ofBlank, ofOther);
                Collect(tokens, sum + frame[blank], double.NegativeInfinity);
                if (tokens.Length > 0) Collect(tokens, double.NegativeInfinity, ofOther + frame[tokens[^1]]);
                for (int v = 0; v < frame.Length; v++)
                {
                    double from = tokens is [.., var last] && last == v ? ofBlank : sum;
                    if (v != blank) Collect([.. tokens, v], double.NegativeInfinity, from + frame[v]);
                }
            }

            beam = [.. next.Values.Select(one => (one, Score: Add(one.Blank, one.Other) + language(one.Tokens)))
                .Where(scored => scored.Score > double.NegativeInfinity).OrderByDescending(scored => scored.Score).Take(width)
                .Select(scored => scored.one)];

            void Collect(long[] tokens, double ofBlank, double ofOther)
            {
                string key = string.Join(',', tokens);
                (_, double blankBefore, double otherBefore) = next.GetValueOrDefault(key, (tokens, double.NegativeInfinity, double.NegativeInfinity));
                next[key] = (tokens, Add(blankBefore, ofBlank), Add(otherBefore, ofOther));
            }
        }

        return [.. beam.Select(one => (one.Tokens, Add(one.Blank, one.Other)))];
    }

    private static double Add(double one, double other)
    {
        double large = Math.Max(one, other);
        return large == double.NegativeInfinity ? large : large + Math.Log(Math.Exp(one - large) + Math.Exp(other - large));
    }
}
