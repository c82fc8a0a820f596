using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>Logits after a layer in the middle of a network, by the linear layer of the output.</summary>
/// <remarks>
/// As a head of CTC: Lee and Watanabe, "Intermediate loss regularization for CTC-based speech recognition", ICASSP 2021, arXiv 2102.03216.
/// Self-conditioning: Nozaki and Komatsu, "Relaxing the conditional independence assumption of CTC-based ASR by conditioning on intermediate
/// predictions", Interspeech 2021, arXiv 2104.02724.
/// </remarks>
internal static class MiddleStream
{
    /// <summary>The name of the stream.</summary>
    public const string Name = "middle";

    private static readonly Scalar One = 1L;

    /// <summary>The streams of a network.</summary>
    /// <param name="middle">The number of layers before it; null if there is none.</param>
    public static IReadOnlyList<StreamShape> Streams(int? middle) => middle is null ? [] : [new StreamShape(Name)];

    /// <summary>The output of a network.</summary>
    /// <param name="hidden">[T, B, H].</param>
    /// <param name="layer">The layer from hidden states to logits.</param>
    /// <param name="middle">[T, B, V]; null if there is no such stream.</param>
    public static EncoderOutput Output(Tensor hidden, Linear layer, Tensor? middle)
    {
        var linear = new LinearOutput(hidden, layer.weight!, layer.bias);
        if (middle is null) return new EncoderOutput(linear);
        return new EncoderOutput(linear) { Streams = new Dictionary<string, Tensor> { [Name] = middle } };
    }

    /// <summary>Creates the linear layer of self-conditioning.</summary>
    /// <param name="selfConditioning">The option.</param>
    /// <param name="tokens">V.</param>
    /// <param name="width">The width of what the next layer reads.</param>
    /// <returns>The layer; null without self-conditioning.</returns>
    public static Linear? Conditioning(bool? selfConditioning, long tokens, long width) =>
        selfConditioning == true ? torch.nn.Linear(tokens, width) : null;

    /// <summary>Adds the probabilities of the middle to the output of its layer.</summary>
    /// <param name="hidden">[T, B, width].</param>
    /// <param name="middle">[T, B, V] logits.</param>
    /// <param name="conditioning">The linear layer; null without self-conditioning.</param>
    /// <returns>What the next layer reads.</returns>
    public static Tensor Conditioned(Tensor hidden, Tensor middle, Linear? conditioning) =>
        conditioning is null ? hidden : hidden.add(conditioning.call(middle.softmax(-1)), One);

    /// <summary>Refuses a middle that has no layers after it, and self-conditioning without a middle.</summary>
    public static IEnumerable<ValidationResult> Faults(int? middle, bool? selfConditioning, int layers)
    {
        if (middle >= layers)
        {
            yield return new ValidationResult($"middle is {middle} and layers is {layers}; expected a middle with layers after it", ["Middle"]);
        }

        if (middle is null && selfConditioning == true)
        {
            yield return new ValidationResult(
                "self-conditioning is true and middle is none; expected a middle, whose probabilities are added", ["SelfConditioning"]);
        }
    }
}
