namespace Ctc.Engine.Paths;

/// <summary>The random numbers that decide paths: those of an utterance depend on the seed, the step, the utterance and the purpose alone.</summary>
internal static class PathChances
{
    /// <summary>Draws a number for each frame of each path.</summary>
    /// <param name="batch">Its generators draw the numbers.</param>
    /// <param name="purpose">What the numbers are for, such as the name of the part.</param>
    /// <param name="total">T, at least the length of the longest utterance.</param>
    /// <param name="count">k. The numbers of the first paths do not depend on how many follow.</param>
    /// <returns>[T, B, k] in [0, 1), of type float64, on the CPU; 0 in padding.</returns>
    public static Tensor Draw(Batch batch, string purpose, long total, int count)
    {
        var chances = new double[total * batch.Size * count];
        for (int b = 0; b < batch.Size; b++)
        {
            SplitMix64 random = batch.Random(b, purpose);
            for (int path = 0; path < count; path++)
            {
                for (long t = 0; t < batch.Frames[b]; t++) chances[(((t * batch.Size) + b) * count) + path] = random.Unit();
            }
        }

        return torch.tensor(chances, [total, batch.Size, count]);
    }
}
