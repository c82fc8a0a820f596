using Ctc.Experiments.Encoders;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Encoders;

[NonParallelizable] // The weights come from the global generator.
public class TdnnTests
{
    private const int F = 3;
    private const long V = 5;

    private static readonly TdnnOptions Options = new() { Hidden = 8, Layers = 0, Dropout = 0, Narrow = true };

    [Test]
    public void The_narrow_stream_has_the_frames_of_the_input_and_sees_three()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Options with { Layers = 6 });
        Assert.That(network.Streams.Select(stream => (stream.Name, stream.Width)), Is.EqualTo(new[] { ("narrow", (long?)null) }));
        Assert.That((network.StreamFrames("narrow", 9), network.OutputFrames(9)), Is.EqualTo((9, 5)));
        Assert.That(Build(Options with { Narrow = false }).Streams, Is.Empty);
        Assert.That(Seen(network, 9, output => output.Streams["narrow"], 4), Is.EqualTo(new[] { 3, 4, 5 }));
        Assert.That(Seen(network, 9, output => output.Streams["narrow"], 0), Is.EqualTo(new[] { 0, 1 }));
    }

    // The joined frames, the overlap of half of them on each side, and a frame of the first convolutions on each side.
    [TestCase(1, new[] { 10, 11, 12, 13, 14 }, 12)]
    [TestCase(2, new[] { 10, 11, 12, 13, 14, 15 }, 6)]
    [TestCase(3, new[] { 9, 10, 11, 12, 13, 14, 15, 16, 17 }, 4)]
    [TestCase(4, new[] { 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 }, 3)]
    public void A_frame_sees_as_many_frames_before_as_after_those_that_it_joins(int stride, int[] seen, int frame)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Options with { Stride = stride });
        Assert.That(Seen(network, 30, output => output.Logits, frame), Is.EqualTo(seen));
        Assert.That(seen.Average(), Is.EqualTo((frame * stride) + ((stride - 1) / 2.0)), "its middle is that of the joined frames");
    }

    [Test]
    public void Dilated_layers_see_one_two_and_four_frames_further_on_each_side()
    {
        using var scope = torch.NewDisposeScope();
        foreach ((int layers, int reach) in new[] { (1, 1), (2, 3), (3, 7), (4, 8) })
        {
            using Encoder network = Build(Options with { Stride = 1, Layers = layers });
            Assert.That(Seen(network, 40, output => output.Logits, 20), Is.EqualTo(Enumerable.Range(20 - 2 - reach, 5 + (2 * reach))));
        }

        // 29 joined frames, which begin two frames apart and see six each.
        using Encoder byDefault = Build(Options with { Layers = 6 });
        Assert.That(Seen(byDefault, 200, output => output.Logits, 50), Has.Length.EqualTo((28 * 2) + 6));
    }

    [Test]
    public void The_narrow_stream_of_an_utterance_is_the_same_alone_and_in_a_batch()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Options with { Layers = 3 });
        Tensor features = torch.randn(9, 2, F);
        features[torch.TensorIndex.Slice(4), 1] = float.NaN;
        Tensor together = network.Read(features, torch.tensor(new long[] { 9, 4 })).Streams["narrow"];
        Tensor alone = network.Read(features[torch.TensorIndex.Slice(0, 4), 1].unsqueeze(1), torch.tensor(new[] { 4L })).Streams["narrow"];
        Assert.That(Distance.Between(alone, together.narrow(1, 1, 1).narrow(0, 0, 4)), Is.LessThan(1e-5));
        foreach (long longest in new long[] { 1, 0 })
        {
            EncoderOutput output = network.Read(torch.randn(longest, 2, F), torch.tensor(new[] { longest, 0 }));
            Assert.That((output.Streams["narrow"].shape, output.Logits.shape), Is.EqualTo((new[] { longest, 2, V }, new[] { longest, 2, V })));
        }
    }

    // A sum of many layers that are above 0 would make the logits of all frames alike.
    [TestCase(0)]
    [TestCase(12)]
    public void What_becomes_logits_is_normalized_however_many_layers_there_are(int layers)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Options with { Hidden = 64, Layers = layers });
        Tensor hidden = network.Read(torch.randn(20, 2, F), torch.tensor(new long[] { 20, 20 })).Linear!.Hidden;
        Assert.That(hidden.mean([2]).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(hidden.var(2, unbiased: false).sub(1).abs().max().item<float>(), Is.LessThan(1e-2));
    }

    // The input frames from which a gradient reaches an output frame.
    private static int[] Seen(Encoder network, long frames, Func<EncoderOutput, Tensor> select, int frame)
    {
        Tensor features = torch.randn(frames, 1, F);
        features.requires_grad = true;
        torch.autograd.backward([select(network.Read(features, torch.tensor(new[] { frames })))[frame].square().sum()]);
        float[] reached = features.grad!.abs().sum([1, 2]).data<float>().ToArray();
        return [.. Enumerable.Range(0, reached.Length).Where(t => reached[t] > 0)];
    }

    private static Encoder Build(TdnnOptions options)
    {
        torch.manual_seed(5);
        return new Tdnn(options).Build(F, V);
    }
}
