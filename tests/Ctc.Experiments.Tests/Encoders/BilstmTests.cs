using Ctc.Experiments.Encoders;

namespace Ctc.Experiments.Tests.Encoders;

[NonParallelizable] // The weights come from the global generator.
public class BilstmTests
{
    private const int F = 3;
    private const long V = 5;

    private static readonly BilstmOptions Small = new() { Hidden = 6, Filters = 4, Context = 1, Dropout = 0 };

    private static IEnumerable<TestCaseData> Networks =>
    [
        new TestCaseData(Small).SetArgDisplayNames("one layer"),
        new TestCaseData(Small with { Layers = 2 }).SetArgDisplayNames("two layers"),
        new TestCaseData(Small with { Filters = 0 }).SetArgDisplayNames("no convolution"),
    ];

    [TestCaseSource(nameof(Networks))]
    public void An_utterance_reads_the_same_alone_and_in_a_batch(BilstmOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(options);
        long[] lengths = [4, 9, 1, 0, 9, 6];
        Tensor features = torch.randn(9, lengths.Length, F);
        for (int b = 0; b < lengths.Length; b++) features[torch.TensorIndex.Slice(lengths[b]), b] = b % 2 == 0 ? float.NaN : 1e6f;

        Tensor together = network.call(features, torch.tensor(lengths));
        Assert.That(together.shape, Is.EqualTo(new[] { 9, lengths.Length, V }));
        for (int b = 0; b < lengths.Length; b++)
        {
            Tensor alone = network.call(features[torch.TensorIndex.Slice(0, lengths[b]), b].unsqueeze(1), torch.tensor(new[] { lengths[b] }));
            Tensor inBatch = together[torch.TensorIndex.Slice(0, lengths[b]), b].unsqueeze(1);
            Assert.That(alone.allclose(inBatch, rtol: 0, atol: 1e-5), Is.True, $"utterance {b}");
        }

        Assert.That(together.isfinite().all().item<bool>(), Is.True);
    }

    [TestCaseSource(nameof(Networks))]
    public void Gradients_reach_every_weight_and_none_comes_from_padding(BilstmOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(options);
        Tensor features = torch.randn(5, 2, F);
        features[torch.TensorIndex.Slice(3), 1] = float.NaN;
        features.requires_grad = true;

        Tensor logits = network.call(features, torch.tensor(new long[] { 5, 3 }));
        torch.autograd.backward([logits[torch.TensorIndex.Slice(0, 3)].square().sum()]);
        foreach ((string name, TorchSharp.Modules.Parameter weight) in network.named_parameters())
        {
            Assert.That(weight.grad?.abs().sum().item<float>(), Is.GreaterThan(0).And.LessThan(float.PositiveInfinity), name);
        }

        Assert.That(features.grad![torch.TensorIndex.Slice(3), 1].abs().sum().item<float>(), Is.Zero);
        Assert.That(features.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void Every_layer_has_weights_to_learn()
    {
        using Encoder network = Build(Small);
        long convolution = 3 * F * 4 + 4, norm = 2 * 4, output = (2 * 6 + 1) * V;
        long direction = 4 * 6 * (4 + 6 + 2); // Four gates of six units see four filters, six units and two biases.
        Assert.That(network.parameters().Sum(weight => weight.numel()), Is.EqualTo(convolution + norm + 2 * direction + output));
    }

    [Test]
    public void Weights_outlive_the_scope_they_were_made_in()
    {
        Encoder network;
        using (torch.NewDisposeScope()) network = Build(Small);
        using (network)
        {
            using Tensor features = torch.randn(6, 1, F), lengths = torch.tensor(new[] { 6L });
            using Tensor logits = network.call(features, lengths);
            Assert.That(network.parameters().Count(weight => !weight.IsInvalid), Is.EqualTo(2 + 2 + 8 + 2));
        }
    }

    [Test]
    public void As_many_frames_come_out_as_go_in([Values(0, 1, 2, 7)] long frames)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Small);
        Tensor logits = network.call(torch.zeros(frames, 2, F), torch.tensor(new[] { frames, 0 }));
        Assert.That(logits.shape, Is.EqualTo(new[] { network.OutputFrames(frames), 2, V }));
        Assert.That(logits.requires_grad, Is.True);
    }

    [Test]
    public void The_same_seed_builds_the_same_network()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder one = Build(Small), other = Build(Small);
        foreach ((Tensor a, Tensor b) in one.parameters().Zip(other.parameters())) Assert.That(a.equal(b).all().item<bool>(), Is.True);
    }

    [Test]
    public void Dropout_drops_in_training_alone()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(Small with { Dropout = 0.5 });
        Tensor features = torch.randn(6, 1, F), lengths = torch.tensor(new[] { 6L });
        Assert.That(network.training, Is.True);
        Assert.That(network.call(features, lengths).allclose(network.call(features, lengths)), Is.False);
        network.eval();
        Assert.That(network.call(features, lengths).allclose(network.call(features, lengths)), Is.True);
    }

    [Test]
    public void A_step_leaves_nothing_but_what_its_caller_holds()
    {
        // The count of the dispose scopes: libtorch's own also counts each parameter's first handle, which a parameter takes over.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (Encoder network = Build(Small))
        {
            using Tensor features = torch.randn(6, 2, F), lengths = torch.tensor(new long[] { 6, 2 });
            long building = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using (Tensor logits = network.call(features, lengths))
            {
                Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(building + 1));
            }
        }

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.LessThanOrEqualTo(before));
    }

    private static Encoder Build(BilstmOptions options)
    {
        torch.random.manual_seed(7);
        return new Bilstm(options).Build(F, V);
    }
}
