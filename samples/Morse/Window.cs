using System.ComponentModel.DataAnnotations;
using Ctc;
using TorchSharp.Modules;

namespace Morse;

/// <summary>Options of the encoder <c>window</c>.</summary>
public sealed record WindowOptions
{
    /// <summary>Gets the number of frames in the window, the current one included.</summary>
    /// <value>1 to 1000; the default is 32, which covers the longest letter and the gap after it.</value>
    [Range(1, 1000)]
    public int Frames { get; init; } = 32;

    /// <summary>Gets the number of outputs of the first layer.</summary>
    /// <value>1 to 4096; the default is 64.</value>
    [Range(1, 4096)]
    public int Hidden { get; init; } = 64;
}

/// <summary>Two layers over the last frames.</summary>
[Part("window", typeof(WindowOptions),
    Summary = "Two layers over a window of the last frames.",
    Paper = "after Waibel et al., Phoneme Recognition Using Time-Delay Neural Networks, 1989")]
internal sealed class Window(WindowOptions options) : IEncoder
{
    public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens, options);

    private sealed class Network : Encoder
    {
        private readonly long past;
        private readonly Linear patterns;
        private readonly Linear output;

        public Network(int featureSize, long tokens, WindowOptions options)
            : base(nameof(Window))
        {
            past = options.Frames - 1;
            patterns = torch.nn.Linear(featureSize * options.Frames, options.Hidden);
            output = torch.nn.Linear(options.Hidden, tokens);
            RegisterComponents();
        }

        // No frame depends on a later one, so padding, which comes last, has no effect.
        public override Tensor forward(Tensor features, Tensor frames)
        {
            Tensor before = torch.nn.functional.pad(features, [0, 0, 0, 0, past, 0]); // [past + T, B, F]
            Tensor windows = before.unfold(0, past + 1, 1).flatten(2);                // [T, B, F × window]
            return output.call(patterns.call(windows).tanh());                        // [T, B, V]
        }
    }
}
