using Ctc;
using TorchSharp.Modules;

namespace Misbehaving;

/// <summary>An LSTM created within a dispose scope, which disposes its weights.</summary>
[Part("losing-weights", Summary = "An LSTM whose weights do not live.")]
internal sealed class LosingWeights : IEncoder
{
    public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens);

    private sealed class Network : Encoder
    {
        private readonly LSTM lstm;

        public Network(int featureSize, long tokens)
            : base("losing")
        {
            using DisposeScope scope = torch.NewDisposeScope();
            lstm = torch.nn.LSTM(featureSize, tokens);
            RegisterComponents();
            foreach (Parameter weight in parameters()) weight.requires_grad = true;
        }

        public override Tensor forward(Tensor features, Tensor frames) => lstm.call(features).Item1;
    }
}

/// <summary>Takes the mean over all frames, padding included.</summary>
[Part("hearing-padding", Summary = "Looks at the mean of all frames, padding among them.")]
internal sealed class HearingPadding : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features + features.mean([0], keepdim: true)));
}

/// <summary>Keeps a copy of its input.</summary>
[Part("hoarding", Summary = "Keeps a copy of its input.")]
internal sealed class Hoarding : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features.clone().DetachFromDisposeScope()));
}

/// <summary>Drops the last frame without declaring it.</summary>
[Part("short-output", Summary = "Swallows the last frame.")]
internal sealed class ShortOutput : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features.narrow(0, 0, features.shape[0] - 1)));
}

/// <summary>Is less precise than its type.</summary>
[Part("coarse", Summary = "Rounds its logits in single precision.")]
internal sealed class Coarse : IEncoder
{
    public Encoder Build(int featureSize, long tokens) => new LinearEncoder(featureSize, tokens, (layer, features) =>
    {
        Tensor logits = layer.call(features);
        return features.dtype == torch.float32 ? logits + (logits.mul(10).round().div(10) - logits).detach() : logits;
    });
}

/// <summary>Has weights without gradient.</summary>
[Part("idle-weights", Summary = "Does not learn its weights.")]
internal sealed class IdleWeights : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => features.matmul(layer.weight.detach().t()) + layer.bias!);
}

/// <summary>Returns logits that depend on the number of utterances.</summary>
[Part("crowd-shy", Summary = "Divides by the number of utterances.")]
internal sealed class CrowdShy : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features) / features.shape[1]);
}

/// <summary>Applies dropout in evaluation too.</summary>
[Part("noisy", Summary = "Drops numbers out of training too.")]
internal sealed class Noisy : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => torch.nn.functional.dropout(layer.call(features), 0.5, training: true));
}

/// <summary>Has a random number that is not among its weights.</summary>
[Part("unsaved", Summary = "Keeps a number outside its weights.")]
internal sealed class Unsaved : IEncoder
{
    public Encoder Build(int featureSize, long tokens)
    {
        float shift = torch.rand(1).item<float>();
        return new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features) + shift);
    }
}

/// <summary>One linear layer, and a function of its output.</summary>
internal sealed class LinearEncoder : Encoder
{
    private readonly Linear layer;
    private readonly Func<Linear, Tensor, Tensor> run;

    public LinearEncoder(int featureSize, long tokens, Func<Linear, Tensor, Tensor> run)
        : base("linear")
    {
        this.run = run;
        layer = torch.nn.Linear(featureSize, tokens);
        RegisterComponents();
    }

    public override Tensor forward(Tensor features, Tensor frames) => run(layer, features);
}
