using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Crnn"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
/// <remarks>
/// Frames are the columns of an image, features its rows. A batch norm would mix the utterances of a batch; one layer norm of the columns before
/// the recurrent layers does not.
/// </remarks>
internal sealed class CrnnNetwork : StridedNetwork
{
    private readonly Pooling[] pooling; // after each convolution

    // The names of these fields are the names of the weights in a checkpoint.
    private readonly ModuleList<Conv2d> convolutions;
    private readonly LayerNorm norm;

    private readonly RecurrentLayers recurrent;

    public CrnnNetwork(int featureSize, long tokens, CrnnOptions options)
        : base(nameof(Crnn), options.Stride, options.Middle)
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        int[] columns = Factors(options.Stride, options.Convolutions);
        pooling = new Pooling[options.Convolutions];
        var convolutionsInOrder = new Conv2d[options.Convolutions];
        (long rows, long channels) = (featureSize, 1);
        for (int i = 0; i < options.Convolutions; i++)
        {
            long filters = (i + 1L) * options.Filters;
            convolutionsInOrder[i] = torch.nn.Conv2d(channels, filters, options.Kernel, padding: options.Kernel / 2);
            pooling[i] = new Pooling(rows > 1 ? 2 : 1, columns[i]);
            (rows, channels) = ((rows + 1) / 2, filters);
        }

        convolutions = torch.nn.ModuleList(convolutionsInOrder);
        norm = torch.nn.LayerNorm(channels * rows); // It ends the long start at which a CTC model answers nothing but blanks.
        recurrent = new RecurrentLayers(channels * rows, tokens, options);
        RegisterComponents();
        recurrent.RegisterIn(this);
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope(); // Weights belong to the network.
    }

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        return recurrent.Read(features.shape[0] == 0 ? features : norm.call(Pool(features, frames)), Stride.OutputFrames(frames));
    }

    /// <summary>The columns that each convolution pools into one: the prime factors of a stride, the smallest first.</summary>
    /// <returns>Numbers whose product is the stride: the last one is what is left.</returns>
    internal static int[] Factors(int stride, int convolutions)
    {
        var factors = new int[convolutions];
        for (int i = 0; i < convolutions - 1; i++)
        {
            int left = stride;
            factors[i] = Enumerable.Range(2, stride).FirstOrDefault(factor => left % factor == 0, 1);
            stride /= factors[i];
        }

        factors[^1] = stride;
        return factors;
    }

    /// <summary>The convolutions, each with its pooling.</summary>
    /// <param name="features">[T, B, F], T not 0.</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    /// <returns>[T', B, C · F']; 0 in padding.</returns>
    internal Tensor Pool(Tensor features, Tensor frames)
    {
        Tensor image = Padding.Cleared(features, frames).permute(1, 2, 0).unsqueeze(1); // [B, 1, F, T]
        Tensor left = frames;
        foreach ((Conv2d convolution, Pooling pool) in convolutions.Zip(pooling))
        {
            // What a convolution writes behind the end of an utterance is cleared: alone, there is nothing for the next one to read.
            Tensor read = Padding.ClearedColumns(ChannelPadding.Call(convolution, image).relu(), left);
            image = pool.Call(read);
            left = pool.OutputColumns(left);
        }

        return image.permute(3, 0, 1, 2).flatten(2);
    }

    // Its last window may be cut by the end of the image. What is pooled is never negative, so that the zeros of padding are not seen.
    private readonly struct Pooling(int rows, int columns)
    {
        private readonly FrameStride stride = new(columns);

        // [B, C, F, T] → [B, C, ⌈F / rows⌉, ⌈T / columns⌉]
        public Tensor Call(Tensor image) => rows == 1 && columns == 1
            ? image
            : torch.nn.functional.max_pool2d(image, [rows, columns], ceil_mode: true);

        public Tensor OutputColumns(Tensor frames) => stride.OutputFrames(frames);
    }
}
