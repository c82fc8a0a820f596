using Ctc.Testing.Oracles;

namespace Ctc.Engine.Tests.Recursions.Transducer;

/// <summary>
/// A small ragged batch for a transducer, drawn from a seed: lengths and targets of 0, blanks other than 0, repeats, scores of −∞; padding is NaN,
/// and the scores are larger than the batch needs.
/// </summary>
/// <param name="Batch">T ≤ 4, U ≤ 3, V ≤ 4, B ≤ 3.</param>
/// <param name="Scores">[B, T, U+1, V] of type float64.</param>
internal sealed record TransducerCase(Batch Batch, Tensor Scores)
{
    public static TransducerCase Draw(int seed, bool exact = false)
    {
        var random = new Random(seed);
        int size = random.Next(1, 4), tokens = random.Next(2, 5), total = random.Next(1, 5), columns = random.Next(1, 5);
        long blank = random.Next(tokens);
        long[] labels = [.. Enumerable.Range(0, tokens).Select(v => (long)v).Where(v => v != blank)];
        long[] frames = [.. Enumerable.Range(0, size).Select(b => random.Next(8) == 0 ? 0 : random.NextInt64(1, total + 1))];
        long[][] targets =
            [.. frames.Select(_ => Enumerable.Range(0, random.Next(columns)).Select(_ => labels[random.Next(labels.Length)]).ToArray())];
        Tensor scores = Numbers(random, [size, total, columns, tokens], exact);
        if (random.Next(4) == 0) scores = scores.masked_fill(Numbers(random, scores.shape, exact: false) < -1.2, double.NegativeInfinity);
        for (int b = 0; b < size; b++)
        {
            if (frames[b] < total) scores[b].narrow(0, frames[b], total - frames[b]).fill_(double.NaN);
            int used = targets[b].Length + 1;
            if (used < columns) scores[b].narrow(1, used, columns - used).fill_(double.NaN);
        }

        return new TransducerCase(new Batch(targets, frames, tokens, blank), scores);
    }

    /// <summary>Lists every alignment of an utterance: the frame in which each token is emitted, and the score.</summary>
    public IEnumerable<(int[] Frames, double Score)> Alignments(int utterance, bool isMonotonic = false) => AlignmentEnumeration.Alignments(
        Scores[utterance], Batch.Frames[utterance], Batch.Targets[utterance], Batch.Blank!.Value, isMonotonic);

    private static Tensor Numbers(Random random, long[] shape, bool exact)
    {
        double[] numbers = [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (random.NextDouble() * 4) - 2)];
        return torch.tensor(exact ? [.. numbers.Select(number => Math.Round(number) / 8)] : numbers, shape);
    }
}
