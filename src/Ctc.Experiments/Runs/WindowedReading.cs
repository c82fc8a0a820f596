using System.Runtime.InteropServices;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The output of a network for a long utterance, read in windows, so that its layers need little memory.</summary>
/// <remarks>
/// A window has frames around it that are read and left out. A network that sees no further than these gives the output of the whole up to rounding;
/// a recurrent one nearly so.
/// </remarks>
internal static class WindowedReading
{
    // The frames of a window, and of those around it on each side.
    private const int Window = 6000, Around = 600;

    /// <summary>Reads an utterance.</summary>
    /// <param name="utterance">At least one frame.</param>
    /// <param name="featureSize">The numbers in an input frame.</param>
    /// <param name="network">Reads it.</param>
    /// <param name="stream">The stream that is wanted; null for the logits.</param>
    /// <returns>[N, 1, V], in the caller's dispose scope.</returns>
    public static Tensor Read(Utterance utterance, int featureSize, Encoder network, string? stream)
    {
        long Outputs(long frames) => stream is null ? network.OutputFrames(frames) : network.StreamFrames(stream, frames);
        bool isEven = Outputs(2 * Window) == 2 * Outputs(Window) && Outputs(Window) == Window / Around * Outputs(Around);
        int window = isEven ? Window : utterance.Frames; // windows begin with whole frames of the output
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor features = torch.empty([utterance.Frames, 1, featureSize]);
        utterance.CopyFeatures(MemoryMarshal.Cast<byte, float>(features.bytes));
        var read = new List<Tensor>();
        for (int start = 0; start < utterance.Frames; start += window)
        {
            using DisposeScope ofWindow = torch.NewDisposeScope();
            int from = Math.Max(start - Around, 0), to = Math.Min(start + window + Around, utterance.Frames), end = Math.Min(start + window, to);
            EncoderOutput output = network.Read(features.narrow(0, from, to - from), torch.tensor(new long[] { to - from }));
            Tensor wanted = stream is null ? output.Logits : output.Streams[stream];
            read.Add(wanted.narrow(0, Outputs(start - from), Outputs(end - start)).clone().MoveToOuterDisposeScope());
        }

        return torch.cat(read).MoveToOuterDisposeScope();
    }
}
