using Ctc;
using TorchSharp.Modules;

namespace Misbehaving;

/// <summary>An LSTM made within a scope, whose weights go with it.</summary>
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

/// <summary>Takes the mean over all frames, padding among them.</summary>
[Part("hearing-padding", Summary = "Looks at the mean of all frames, padding among them.")]
internal sealed class HearingPadding : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features + features.mean([0], keepdim: true)));
}

/// <summary>Keeps a copy of what it hears.</summary>
[Part("hoarding", Summary = "Keeps a copy of what it hears.")]
internal sealed class Hoarding : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features.clone().DetachFromDisposeScope()));
}

/// <summary>Swallows the last frame, and does not say so.</summary>
[Part("short-output", Summary = "Swallows the last frame.")]
internal sealed class ShortOutput : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features.narrow(0, 0, features.shape[0] - 1)));
}

/// <summary>Has weights that it can never learn.</summary>
[Part("idle-weights", Summary = "Does not learn its weights.")]
internal sealed class IdleWeights : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => features.matmul(layer.weight.detach().t()) + layer.bias!);
}

/// <summary>Speaks the lower, the more utterances there are.</summary>
[Part("crowd-shy", Summary = "Divides by the number of utterances.")]
internal sealed class CrowdShy : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features) / features.shape[1]);
}

/// <summary>Drops numbers whether it is in training or not.</summary>
[Part("noisy", Summary = "Drops numbers out of training too.")]
internal sealed class Noisy : IEncoder
{
    public Encoder Build(int featureSize, long tokens) =>
        new LinearEncoder(featureSize, tokens, (layer, features) => torch.nn.functional.dropout(layer.call(features), 0.5, training: true));
}

/// <summary>Keeps a number that it draws outside its weights.</summary>
[Part("unsaved", Summary = "Keeps a number outside its weights.")]
internal sealed class Unsaved : IEncoder
{
    public Encoder Build(int featureSize, long tokens)
    {
        float shift = torch.rand(1).item<float>();
        return new LinearEncoder(featureSize, tokens, (layer, features) => layer.call(features) + shift);
    }
}

/// <summary>One linear layer, and what is done with it.</summary>
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
