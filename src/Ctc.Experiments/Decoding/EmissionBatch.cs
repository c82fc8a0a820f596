namespace Ctc.Experiments.Decoding;

/// <summary>Outputs of other programs as a batch.</summary>
internal static class EmissionBatch
{
    /// <summary>Copies outputs into one tensor. It belongs to the caller's dispose scope.</summary>
    /// <param name="emissions">B outputs.</param>
    /// <param name="targets">Their B targets.</param>
    /// <param name="vocabulary">The tokens of the outputs.</param>
    /// <returns>[T, B, V] logits in double precision, 0 in padding; and targets and lengths.</returns>
    public static (Tensor Logits, Batch Batch) Stack(IReadOnlyList<Emission> emissions, IEnumerable<long[]> targets, Vocabulary vocabulary)
    {
        long longest = emissions.Max(emission => emission.Frames);
        Tensor logits = torch.zeros([longest, emissions.Count, vocabulary.Size], torch.float64);
        for (int b = 0; b < emissions.Count; b++)
        {
            if (emissions[b].Frames == 0) continue;
            using Tensor rows = logits.narrow(0, 0, emissions[b].Frames).select(1, b);
            using Tensor numbers = torch.tensor(emissions[b].Logits, [emissions[b].Frames, vocabulary.Size]);
            rows.copy_(numbers);
        }

        return (logits, new Batch(
            [.. targets],
            [.. emissions.Select(emission => (long)emission.Frames)],
            vocabulary,
            default,
            [.. emissions.Select(emission => emission.Name)],
            graphs: null));
    }
}
