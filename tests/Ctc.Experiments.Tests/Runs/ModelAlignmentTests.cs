using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Encoders;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[NoTensorLeaks]
[NonParallelizable] // The weights come from the global generator.
public class ModelAlignmentTests
{
    private const int Tokens = 8;

    [TestCase(null)]
    [TestCase("narrow")]
    public void Pieces_of_a_long_recording_are_where_they_are_in_the_whole(string? head)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Utterance[] spoken = [Speak("long", 400, 40), Speak("short", 60, 6)];
        using var network = new Passing();
        var doubling = new ObjectiveParts { Topology = new CtcTopology(), Emissions = [new Doubling()] };
        using var objective = new Objective(head is null ? doubling : new ObjectiveParts(), heads: head is null ? [] : [new("narrow", doubling, 1)]);
        AlignedUtterance[] whole = Align(1 << 25), pieces = Align(20_000);
        Assert.That(pieces.Select(aligned => aligned.Id), Is.EqualTo(new[] { "long", "short" }));
        foreach ((AlignedUtterance one, AlignedUtterance other) in whole.Zip(pieces))
        {
            Assert.That((other.Frames, other.FrameSeconds), Is.EqualTo((one.Frames, one.FrameSeconds)));
            Assert.That(one.FrameSeconds, Is.EqualTo(head is null ? 0.02 : 0.01));
            Assert.That(other.Score, Is.EqualTo(one.Score).Within(1e-3));
            Assert.That(other.Tokens!.Select(token => (token.Start, token.End)), Is.EqualTo(one.Tokens!.Select(token => (token.Start, token.End))));
            Assert.That(other.Tokens!.Select(token => token.To), Is.EqualTo(one.Tokens!.Select(token => token.To)).Within(1e-3));
            Assert.That(other.Words!.Select(word => (word.Word, word.Start)), Is.EqualTo(one.Words!.Select(word => (word.Word, word.Start))));
            Assert.That(other.BoundaryErrors, Is.EqualTo(one.BoundaryErrors).Within(1e-2));
        }

        AlignedUtterance[] Align(long mostNumbers)
        {
            var state = new TrainingState("", 1, [], Tokens, ["a", "b", "c", "d", "e", "f", " "]);
            var aligning = new AligningObjective(objective, head);
            var alignment = new ModelAlignment(network, state, objective, aligning, default) { MostNumbers = mostNumbers };
            return [.. alignment.Align(spoken, EdgeKind.Expected, outputMilliseconds: null, inputMilliseconds: 10)];
        }
    }

    [TestCase(null, 7_001)]
    [TestCase("narrow", 12_600)]
    public void Windows_of_a_network_that_sees_little_are_its_output(string? stream, int frames)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        torch.random.manual_seed(1);
        using Encoder network = new Tdnn(new() { Hidden = 4, Layers = 3, Narrow = true }).Build(2, 3);
        network.eval();
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 2 * frames).Select(_ => (float)random.NextDouble())];
        EncoderOutput whole = network.Read(torch.tensor(features, [frames, 1, 2]), torch.tensor(new long[] { frames }));
        Tensor windows = WindowedReading.Read(new Utterance("x", features, frames, []), 2, network, stream);
        Tensor expected = stream is null ? whole.Logits : whole.Streams[stream];
        Assert.That(windows.shape, Is.EqualTo(expected.shape));
        Assert.That((windows - expected).abs().max().item<float>(), Is.LessThan(1e-5));
    }

    // Each token has five frames or more, amid frames of the blank; it is loudest in the middle.
    private static Utterance Speak(string id, int frames, int length)
    {
        var random = new Random(length);
        long[] target = [.. Enumerable.Range(0, length).Select(u => u % 5 == 4 ? Tokens - 1 : 1L + (u * 3 % 6))];
        float[] features = [.. Enumerable.Range(0, frames * Tokens).Select(i => (float)random.NextDouble() + (i % Tokens == 0 ? 1 : 0))];
        var spans = new FrameInterval[length];
        for (int u = 0; u < length; u++)
        {
            int start = u * frames / length;
            spans[u] = new FrameInterval(start + 1, start + 7);
            for (int t = start + 1; t < start + 7; t++) features[(t * Tokens) + target[u]] += 5;
        }

        return new Utterance(id, features, frames, target) { Spans = spans };
    }

    /// <summary>Gives every second frame as logits, and all of them as a stream.</summary>
    private sealed class Passing() : Encoder("passing")
    {
        public override IReadOnlyList<StreamShape> Streams => [new StreamShape("narrow")];

        public override long OutputFrames(long frames) => (frames + 1) / 2;

        public override long StreamFrames(string stream, long frames) => frames;

        public override Tensor forward(Tensor features, Tensor frames) => features.slice(0, 0, features.shape[0], 2);

        public override EncoderOutput Read(Tensor features, Tensor frames) =>
            new(forward(features, frames)) { Streams = new Dictionary<string, Tensor> { ["narrow"] = features.alias() } };
    }

    /// <summary>Makes a model twice as sure.</summary>
    [Part("doubling", Summary = "For tests.")]
    private sealed class Doubling : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * 2;
    }
}
