using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>Convolutions with input and output channels padded by zeros to the block size of oneDNN.</summary>
/// <remarks>
/// On some processors the oneDNN of libtorch 2.10 does not clear the rest of the last block of channels: freed memory reaches the output and the
/// gradients, which are wrong or NaN. Explicit zeros leave no rest.
/// </remarks>
internal static class ChannelPadding
{
    private const long Block = 16;

    /// <summary>Applies a convolution over rows and columns.</summary>
    /// <param name="convolution">Without groups and dilation.</param>
    /// <param name="input">[B, C, F, T].</param>
    /// <returns>[B, filters, F', T'].</returns>
    public static Tensor Call(Conv2d convolution, Tensor input)
    {
        Tensor weight = convolution.weight!, bias = convolution.bias!;
        (long restIn, long restOut) = Rests(weight);
        if (restIn == 0 && restOut == 0) return convolution.call(input);
        return torch.nn.functional.conv2d(
            torch.nn.functional.pad(input, [0, 0, 0, 0, 0, restIn]),
            torch.nn.functional.pad(weight, [0, 0, 0, 0, 0, restIn, 0, restOut]),
            torch.nn.functional.pad(bias, [0, restOut]),
            convolution.stride,
            convolution.padding).narrow(1, 0, weight.shape[0]);
    }

    private static (long In, long Out) Rests(Tensor weight) => (Rest(weight.shape[1]), Rest(weight.shape[0]));

    private static long Rest(long channels) => (Block - (channels % Block)) % Block;
}
