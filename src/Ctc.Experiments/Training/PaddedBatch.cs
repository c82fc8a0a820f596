using System.Buffers;
using System.Runtime.InteropServices;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Training;

/// <summary>Utterances padded to the longest: the input of the network and of the objective.</summary>
internal sealed class PaddedBatch
{
    private PaddedBatch(Tensor features, Tensor frames, Batch batch) => (Features, Frames, Batch) = (features, frames, batch);

    /// <summary>Gets the features, [T, B, F], on the device of the network; 0 in padding.</summary>
    public Tensor Features { get; }

    /// <summary>Gets the input lengths, [B] of type int64, on the CPU.</summary>
    public Tensor Frames { get; }

    /// <summary>Gets the targets and output lengths.</summary>
    public Batch Batch { get; }

    /// <summary>Copies the utterances into one tensor. It belongs to the caller's dispose scope.</summary>
    /// <remarks>With two views the utterances are the first view of each, then the second of each.</remarks>
    public static PaddedBatch FromUtterances(
        IReadOnlyList<Utterance> utterances, int featureSize, Vocabulary vocabulary, Encoder network, torch.Device device, Progress progress,
        int views = 1, long seed = 0)
    {
        int longest = utterances.Max(utterance => utterance.Frames);
        Tensor features = torch.zeros([longest, utterances.Count, featureSize], torch.float32);
        float[] one = ArrayPool<float>.Shared.Rent(longest * featureSize); // of one utterance: reused, so that training allocates no features
        for (int b = 0; b < utterances.Count; b++)
        {
            utterances[b].CopyFeatures(one);
            CopyColumn(one, utterances[b].Frames, features, b, featureSize);
        }

        ArrayPool<float>.Shared.Return(one);
        return new PaddedBatch(
            features.to(device),
            torch.tensor([.. utterances.Select(utterance => (long)utterance.Frames)]),
            Describe(utterances, vocabulary, network, progress, views, seed));
    }

    /// <summary>Maps the batch to logits and streams, with the lengths of streams of other frames.</summary>
    public EncoderOutput ReadBy(Encoder network)
    {
        EncoderOutput output = network.Read(Features, Frames);
        long[] inputs = Frames.data<long>().ToArray();
        Dictionary<string, IReadOnlyList<long>> others = output.Streams.Keys
            .Select(stream => (stream, Frames: inputs.Select(frames => network.StreamFrames(stream, frames)).ToArray()))
            .Where(found => !found.Frames.SequenceEqual(Batch.Frames))
            .ToDictionary(found => found.stream, found => (IReadOnlyList<long>)found.Frames);
        return output.Linear is { } linear
            ? new EncoderOutput(linear) { Streams = output.Streams, StreamFrames = others }
            : new EncoderOutput(output.Logits) { Streams = output.Streams, StreamFrames = others };
    }

    // From [T', F] into [T, b, F], straight into native memory.
    private static void CopyColumn(ReadOnlySpan<float> from, int frames, Tensor into, int column, int size)
    {
        Span<float> values = MemoryMarshal.Cast<byte, float>(into.bytes);
        int stride = values.Length / (int)into.shape[0];
        for (int t = 0; t < frames; t++) from.Slice(t * size, size).CopyTo(values[((t * stride) + (column * size))..]);
    }

    /// <summary>Only the targets and output lengths.</summary>
    public static Batch Describe(
        IReadOnlyList<Utterance> utterances,
        Vocabulary vocabulary,
        Encoder network,
        Progress progress = default,
        int views = 1,
        long seed = 0) => new(
        [.. utterances.Select(utterance => utterance.Target)],
        [.. utterances.Select(utterance => network.OutputFrames(utterance.Frames))],
        vocabulary,
        progress,
        [.. utterances.Select(utterance => Printable.Line(utterance.Id))], // for messages
        [.. utterances.Select(utterance => utterance.Graph)])
    {
        Ids = [.. utterances.Select(utterance => utterance.Id)],
        Groups = [.. utterances.Select(utterance => utterance.Group)],
        Views = views,
        Seed = seed,
    };
}
