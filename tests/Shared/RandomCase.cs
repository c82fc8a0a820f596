namespace Ctc.Tests;

/// <summary>
/// A small ragged batch drawn from a seed: T up to 6, V up to 4, B up to 3, any blank; some targets repeat, are empty, or do not fit.
/// </summary>
internal sealed record RandomCase(Tensor Logits, Batch Batch)
{
    public static RandomCase Draw(int seed, int longest = 6)
    {
        var random = new Random(seed);
        int total = random.Next(1, longest + 1), size = random.Next(1, 4), tokens = random.Next(1, 5);
        long blank = random.Next(tokens);
        long[] labels = [.. Enumerable.Range(0, tokens).Select(v => (long)v).Where(v => v != blank)];
        var targets = new List<long[]>();
        var frames = new List<long>();
        for (int b = 0; b < size; b++)
        {
            int length = labels.Length == 0 ? 0 : random.Next(0, 4);
            targets.Add([.. Enumerable.Range(0, length).Select(_ => labels[random.Next(labels.Length)])]);
            frames.Add(b == 0 ? total : random.Next(0, total + 1));
        }

        double[] values = [.. Enumerable.Range(0, total * size * tokens).Select(_ => (4 * random.NextDouble()) - 2)];
        return new RandomCase(torch.tensor(values, [total, size, tokens]), new Batch(targets, frames, tokens, blank));
    }

    /// <summary>[N, V] the numbers of one utterance, without its padding.</summary>
    public static double[,] Rows(Tensor values, int utterance, long frames)
    {
        long tokens = values.shape[2];
        var rows = new double[frames, tokens];
        for (long t = 0; t < frames; t++)
        {
            for (long v = 0; v < tokens; v++) rows[t, v] = values[t, utterance, v].item<double>();
        }

        return rows;
    }
}
