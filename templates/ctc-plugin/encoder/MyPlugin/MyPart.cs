using System.ComponentModel.DataAnnotations;
using Ctc;
using TorchSharp.Modules;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the frames of the window on either side.</summary>
    /// <value>In frames, 0 to 1000; the default is 8.</value>
    [Range(0, 1000)]
    public int Reach { get; init; } = 8;

    /// <summary>Gets the number of outputs of the first layer.</summary>
    /// <value>1 to 4096; the default is 64.</value>
    [Range(1, 4096)]
    public int Hidden { get; init; } = 64;
}

/// <summary>Two layers over a window of frames.</summary>
[Part("my-part", typeof(MyPartOptions), Summary = "A layer over a window of frames, and a linear layer to the logits.")]
internal sealed class MyPart(MyPartOptions options) : IEncoder
{
    public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens, options);

    private sealed class Network : Encoder
    {
        private readonly int reach;
        private readonly Linear patterns;
        private readonly Linear output;

        public Network(int featureSize, long tokens, MyPartOptions options)
            : base(nameof(MyPart))
        {
            reach = options.Reach;
            patterns = torch.nn.Linear(featureSize * ((2 * reach) + 1), options.Hidden);
            output = torch.nn.Linear(options.Hidden, tokens);
            RegisterComponents();
            foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope(); // weights outlive the scope of their creation
        }

        // Padding is zeroed before the windows are cut, so that its values have no effect.
        public override Tensor forward(Tensor features, Tensor frames)
        {
            Tensor t = torch.arange(features.shape[0], device: features.device).unsqueeze(1); // [T, 1]
            Tensor read = features.masked_fill((t >= frames.to(features.device)).unsqueeze(2), 0); // [T, B, F]
            Tensor padded = torch.nn.functional.pad(read, [0, 0, 0, 0, reach, reach]); // [reach + T + reach, B, F]
            Tensor windows = padded.unfold(0, (2 * reach) + 1, 1).flatten(2); // [T, B, F × window]
            return output.call(patterns.call(windows).relu()); // [T, B, V]
        }
    }
}
