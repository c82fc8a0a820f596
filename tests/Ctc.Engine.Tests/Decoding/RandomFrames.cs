namespace Ctc.Engine.Tests.Decoding;

/// <summary>Random log-probabilities.</summary>
internal static class RandomFrames
{
    /// <summary>Draws them, one array a frame.</summary>
    public static double[][] Draw(Random random, int frames, int tokens, double sharpness) =>
    [
        .. Enumerable.Range(0, frames).Select(_ =>
        {
            double[] logits = [.. Enumerable.Range(0, tokens).Select(_ => sharpness * random.NextDouble())];
            double sum = Math.Log(logits.Sum(Math.Exp));
            return logits.Select(logit => logit - sum).ToArray();
        }),
    ];
}
