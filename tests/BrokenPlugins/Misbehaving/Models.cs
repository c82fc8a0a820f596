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
    public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens);

    private sealed class Network : Encoder
    {
        private readonly Linear output;

        public Network(int featureSize, long tokens)
            : base("hearing")
        {
            output = torch.nn.Linear(featureSize, tokens);
            RegisterComponents();
        }

        public override Tensor forward(Tensor features, Tensor frames)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return output.call(features + features.mean([0], keepdim: true)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Keeps a copy of what it hears.</summary>
[Part("hoarding", Summary = "Keeps a copy of what it hears.")]
internal sealed class Hoarding : IEncoder
{
    public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens);

    private sealed class Network : Encoder
    {
        private readonly Linear output;

        public Network(int featureSize, long tokens)
            : base("hoarding")
        {
            output = torch.nn.Linear(featureSize, tokens);
            RegisterComponents();
        }

        public override Tensor forward(Tensor features, Tensor frames) => output.call(features.clone().DetachFromDisposeScope());
    }
}

/// <summary>Reads a token that the vocabulary lacks.</summary>
[Part("strange-label", Summary = "Reads a token that the vocabulary lacks.")]
internal sealed class StrangeLabel : ITopology
{
    public Lattices Build(Batch batch) => new(Lattice.Banded([.. batch.Targets.Select(_ => new[] { batch.Tokens })], [0], (_, _, _) => 0, (_, _) => 0, (_, _) => 0, _ => 0));

    public long MinimumFrames(ReadOnlySpan<long> target) => 0;
}

/// <summary>Needs a frame for each token, and says that it needs none.</summary>
[Part("hasty", Summary = "Says that a target needs no frames.")]
internal sealed class Hasty : ITopology
{
    public Lattices Build(Batch batch) => new(WovenTarget.Lattice(batch, "hasty", WovenTarget.Ctc));

    public long MinimumFrames(ReadOnlySpan<long> target) => 0;
}

/// <summary>Names two utterances alike.</summary>
[Part("same-ids", Summary = "Names two utterances alike.")]
internal sealed class SameIds : IDataSource
{
    public Dataset Load()
    {
        Utterance[] one = [new Utterance("a", [0], 1, [1])];
        return new Dataset(new Alphabet(["x"]), 1, one, [], one);
    }

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Draws other utterances each time.</summary>
[Part("fickle", Summary = "Draws other utterances each time.")]
internal sealed class Fickle : IDataSource
{
    private static int loads;

    public Dataset Load()
    {
        int load = Interlocked.Increment(ref loads);
        return new Dataset(new Alphabet(["x"]), 1, [new Utterance("a", [load], 1, [1])], [], [new Utterance("b", [0], 1, [1])]);
    }

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}
