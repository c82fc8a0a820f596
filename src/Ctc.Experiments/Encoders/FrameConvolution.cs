using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>A convolution over time of frames that lie one after the other, as one matrix product.</summary>
/// <remarks>
/// oneDNN wants the numbers of a channel together: turning frames around and back took a quarter of a training step of <c>tdnn</c>. Nor does it
/// clear the rest of a last block of channels (see <see cref="ChannelPadding"/>).
/// </remarks>
internal static class FrameConvolution
{
    private const long FeatureAxis = 2;

    /// <summary>Applies a convolution.</summary>
    /// <param name="convolution">Without groups.</param>
    /// <param name="input">[T, B, F].</param>
    /// <returns>[T', B, H].</returns>
    public static Tensor Call(Conv1d convolution, Tensor input)
    {
        Tensor weight = convolution.weight!; // [H, F, K]
        long taps = weight.shape[2], stride = convolution.stride![0], padding = convolution.padding![0], dilation = convolution.dilation![0];
        Tensor padded = padding == 0 ? input : torch.nn.functional.pad(input, [0, 0, 0, 0, padding, padding]);
        long last = padded.shape[0] - 1 - (dilation * (taps - 1)); // the frame where the last window begins
        Tensor[] seen = [.. Enumerable.Range(0, (int)taps).Select(tap => padded.slice(0, tap * dilation, (tap * dilation) + last + 1, stride))];
        Tensor windows = taps == 1 ? seen[0] : torch.cat(seen, FeatureAxis); // [T', B, K · F]
        return torch.nn.functional.linear(windows, weight.permute(0, 2, 1).flatten(1), convolution.bias);
    }
}
