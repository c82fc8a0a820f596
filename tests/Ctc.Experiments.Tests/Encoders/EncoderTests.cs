using Ctc.Experiments.Encoders;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Encoders;

[NonParallelizable] // The weights come from the global generator.
public class EncoderTests
{
    private const int F = 3;
    private const long V = 5;

    private static readonly BilstmOptions Lstm = new() { Hidden = 6, Filters = 4, Context = 1, Dropout = 0 };
    private static readonly ConvOptions Window = new() { Hidden = 6, Layers = 3, Kernel = 3, Dropout = 0 };
    private static readonly TdnnOptions Dilated = new() { Hidden = 6, Layers = 4, Dropout = 0 };
    private static readonly CrnnOptions Image = new() { Hidden = 6, Convolutions = 2, Filters = 4, Dropout = 0 };

    private static IEnumerable<TestCaseData> Networks =>
    [
        Case("bilstm", new Bilstm(Lstm)),
        Case("bilstm of two layers", new Bilstm(Lstm with { Layers = 2 })),
        Case("bilstm of stride 2", new Bilstm(Lstm with { Stride = 2 })),
        Case("bilstm without convolution", new Bilstm(Lstm with { Filters = 0 })),
        Case("bilstm with a middle", new Bilstm(Lstm with { Layers = 3, Middle = 1, SelfConditioning = true })),
        Case("conv", new Conv(Window)),
        Case("conv with a middle", new Conv(Window with { Middle = 2, SelfConditioning = true })),
        Case("conv of one layer", new Conv(Window with { Layers = 1 })),
        Case("conv of single frames", new Conv(Window with { Kernel = 1 })),
        Case("conv of stride 2", new Conv(Window with { Stride = 2 })),
        Case("conv of stride 5", new Conv(Window with { Stride = 5 })),
        Case("crnn", new Crnn(Image)),
        Case("crnn of stride 1", new Crnn(Image with { Stride = 1 })),
        Case("crnn of stride 6", new Crnn(Image with { Convolutions = 3, Stride = 6 })),
        Case("crnn of one convolution", new Crnn(Image with { Convolutions = 1, Kernel = 5, Stride = 3 })),
        Case("crnn with a middle", new Crnn(Image with { Layers = 3, Middle = 1, SelfConditioning = true })),
        Case("tdnn", new Tdnn(Dilated)),
        Case("tdnn of stride 1", new Tdnn(Dilated with { Stride = 1 })),
        Case("tdnn of stride 3", new Tdnn(Dilated with { Stride = 3 })),
        Case("tdnn without dilated layers", new Tdnn(Dilated with { Layers = 0 })),
    ];

    private static IEnumerable<TestCaseData> WithDropout =>
    [
        Case("bilstm", new Bilstm(Lstm with { Dropout = 0.5 })),
        Case("conv", new Conv(Window with { Dropout = 0.5 })),
        Case("crnn", new Crnn(Image with { Dropout = 0.5 })),
        Case("tdnn", new Tdnn(Dilated with { Dropout = 0.5 })),
    ];

    [TestCaseSource(nameof(Networks))]
    public void An_utterance_reads_the_same_alone_and_in_a_batch(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(encoder);
        long[] lengths = [4, 9, 1, 0, 9, 6];
        Tensor features = torch.randn(9, lengths.Length, F);
        for (int b = 0; b < lengths.Length; b++) features[torch.TensorIndex.Slice(lengths[b]), b] = b % 2 == 0 ? float.NaN : 1e6f;

        Tensor together = network.call(features, torch.tensor(lengths));
        Assert.That(together.shape, Is.EqualTo(new[] { network.OutputFrames(9), lengths.Length, V }));
        for (int b = 0; b < lengths.Length; b++)
        {
            Tensor alone = network.call(features[torch.TensorIndex.Slice(0, lengths[b]), b].unsqueeze(1), torch.tensor(new[] { lengths[b] }));
            Tensor inBatch = together[torch.TensorIndex.Slice(0, network.OutputFrames(lengths[b])), b].unsqueeze(1);
            Assert.That(Distance.Between(alone, inBatch), Is.LessThan(1e-5), $"utterance {b}");
        }

        Assert.That(together.isfinite().all().item<bool>(), Is.True);
    }

    [TestCaseSource(nameof(Networks))]
    public void Gradients_reach_every_weight_and_none_comes_from_padding(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(encoder);
        Tensor features = torch.randn(13, 2, F);
        features[torch.TensorIndex.Slice(7), 1] = float.NaN;
        features.requires_grad = true;

        Tensor logits = network.call(features, torch.tensor(new long[] { 13, 7 })); // two output frames of each or more
        torch.autograd.backward([logits[torch.TensorIndex.Slice(0, network.OutputFrames(7))].square().sum()]);
        foreach ((string name, TorchSharp.Modules.Parameter weight) in network.named_parameters())
        {
            Assert.That(weight.grad?.abs().sum().item<float>(), Is.GreaterThan(0).And.LessThan(float.PositiveInfinity), name);
        }

        Assert.That(features.grad![torch.TensorIndex.Slice(7), 1].abs().sum().item<float>(), Is.Zero);
        Assert.That(features.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void Every_layer_has_weights_to_learn()
    {
        using Encoder lstm = Build(new Bilstm(Lstm)), window = Build(new Conv(Window));
        long convolution = 3 * F * 4 + 4, norm = 2 * 4, output = (2 * 6 + 1) * V;
        long direction = 4 * 6 * (4 + 6 + 2); // Four gates of six units see four filters, six units and two biases.
        Assert.That(lstm.parameters().Sum(weight => weight.numel()), Is.EqualTo(convolution + norm + 2 * direction + output));
        Assert.That(window.parameters().Sum(weight => weight.numel()), Is.EqualTo((3 * F * 6) + (2 * 3 * 6 * 6) + (3 * 3 * 6) + (6 + 1) * V));
    }

    [Test]
    public void A_crnn_has_the_weights_of_its_convolutions_and_a_column_of_what_pooling_leaves()
    {
        using Encoder network = new Crnn(Image with { Convolutions = 3 }).Build(19, V);
        long convolutions = ((9 * 1 * 4) + 4) + ((9 * 4 * 8) + 8) + ((9 * 8 * 12) + 12);
        long column = 12 * 3; // nineteen rows are pooled to ten, five, three
        long direction = 4 * 6 * (column + 6 + 2), output = ((2 * 6) + 1) * V;
        Assert.That(
            network.parameters().Sum(weight => weight.numel()), Is.EqualTo(convolutions + (2 * column) + (2 * direction) + output));
        Assert.That(
            network.state_dict().Keys.Where(name => !name.StartsWith("lstm.", StringComparison.Ordinal)),
            Is.EqualTo(new[]
            {
                "convolutions.0.weight", "convolutions.0.bias", "convolutions.1.weight", "convolutions.1.bias", "convolutions.2.weight",
                "convolutions.2.bias", "norm.weight", "norm.bias", "output.weight", "output.bias",
            }));
    }

    [TestCase(1, 3, new[] { 1, 1, 1 })]
    [TestCase(2, 3, new[] { 2, 1, 1 })]
    [TestCase(3, 2, new[] { 3, 1 })]
    [TestCase(4, 3, new[] { 2, 2, 1 })]
    [TestCase(6, 3, new[] { 2, 3, 1 })]
    [TestCase(8, 2, new[] { 2, 4 })]
    [TestCase(5, 1, new[] { 5 })]
    [TestCase(35, 2, new[] { 5, 7 })]
    public void The_convolutions_of_a_crnn_pool_by_the_prime_factors_of_its_stride(int stride, int convolutions, int[] columns) =>
        Assert.That(CrnnNetwork.Factors(stride, convolutions), Is.EqualTo(columns));

    [Test]
    public void A_crnn_of_one_pixel_kernels_pools_the_brightest_pixel_of_each_window()
    {
        // Identity convolutions of one channel: what is left of five columns of five rows is the largest number of each window of 2 by 2.
        using var scope = torch.NewDisposeScope();
        using var network = new CrnnNetwork(5, V, Image with { Convolutions = 1, Filters = 1, Kernel = 1, Stride = 2 });
        using (torch.no_grad())
        {
            network.get_parameter("convolutions.0.weight")!.fill_(1);
            network.get_parameter("convolutions.0.bias")!.zero_();
        }

        float[,] image = // [T, F]
        {
            { 1, 2, 3, 4, 5 },
            { 6, 7, 8, 9, 1 },
            { 2, 3, 4, 5, 6 },
            { 7, 8, 9, 1, 2 },
            { 3, 4, 5, 6, 9 }, // behind the end of the utterance
        };
        Tensor pooled = network.Pool(torch.tensor(image).unsqueeze(1), torch.tensor(new[] { 3L }));
        Assert.That(
            pooled.squeeze(1).data<float>().ToArray(), Is.EqualTo(new float[] { 7, 9, 5, 3, 5, 6, 0, 0, 0 }), "three columns of three rows each");
    }

    [Test]
    public void A_kernel_of_a_crnn_has_a_middle()
    {
        CrnnOptions options = Image with { Kernel = 4, Middle = 1 };
        Assert.That(
            options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).Select(refusal => refusal.ErrorMessage),
            Is.EqualTo(new[] { "kernel is 4; expected an odd number", "middle is 1 and layers is 1; expected a middle with layers after it" }));
    }

    [TestCaseSource(nameof(Networks))]
    public void Weights_outlive_the_scope_they_were_made_in(IEncoder encoder)
    {
        Encoder network;
        using (torch.NewDisposeScope()) network = Build(encoder);
        using (network)
        {
            using Tensor features = torch.randn(6, 1, F), lengths = torch.tensor(new[] { 6L });
            using Tensor logits = network.call(features, lengths);
            Assert.That(network.parameters().Select(weight => weight.IsInvalid), Is.Not.Empty.And.All.False);
        }
    }

    [Test]
    public void The_stride_alone_decides_how_many_frames_come_out([Values(0, 1, 2, 7)] long frames, [Values(1, 2, 3)] int stride)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder lstm = Build(new Bilstm(Lstm)), window = Build(new Conv(Window with { Stride = stride }));
        using Encoder image = Build(new Crnn(Image with { Stride = stride }));
        long joined = (long)Math.Ceiling((double)frames / stride);
        Assert.That(
            (lstm.OutputFrames(frames), window.OutputFrames(frames), image.OutputFrames(frames)), Is.EqualTo((frames, joined, joined)));
        foreach (Encoder network in new[] { lstm, window, image })
        {
            Tensor logits = network.call(torch.zeros(frames, 2, F), torch.tensor(new[] { frames, 0 }));
            Assert.That(logits.shape, Is.EqualTo(new[] { network.OutputFrames(frames), 2, V }));
            Assert.That(logits.requires_grad, Is.True);
        }
    }

    [Test]
    public void A_stride_of_the_bilstm_joins_frames([Values(0, 1, 2, 7)] long frames, [Values(1, 2, 3)] int stride)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new Bilstm(Lstm with { Stride = stride }));
        Assert.That(network.OutputFrames(frames), Is.EqualTo((long)Math.Ceiling((double)frames / stride)));
        Tensor logits = network.call(torch.zeros(frames, 2, F), torch.tensor(new[] { frames, 0 }));
        Assert.That(logits.shape, Is.EqualTo(new[] { network.OutputFrames(frames), 2, V }));
    }

    [Test]
    public void A_stride_of_one_is_no_stride()
    {
        Assert.That(new BilstmOptions { Stride = 1 }, Is.EqualTo(new BilstmOptions()));
        Assert.That(Ctc.Configuration.Binding.PartOptions.Write(new BilstmOptions { Stride = 1 }), Does.Contain("\"stride\":null"));
    }

    [Test]
    public void A_stride_needs_the_convolution_that_joins()
    {
        var options = new BilstmOptions { Stride = 2, Filters = 0 };
        Assert.That(
            options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).Select(refusal => refusal.ErrorMessage),
            Is.EqualTo(new[] { "stride is 2 and filters is 0; expected filters, which join the frames" }));
    }

    [TestCase(1, 7, 1)]
    [TestCase(3, 3, 1)]
    [TestCase(3, 5, 2)]
    [TestCase(2, 3, 3)]
    [TestCase(4, 1, 1)]
    public void A_window_is_as_wide_as_its_options_say(int layers, int kernel, int stride)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new Conv(Window with { Hidden = 16, Layers = layers, Kernel = kernel, Stride = stride }));
        Tensor features = torch.randn(60, 1, F, requires_grad: true);
        network.call(features, torch.tensor(new[] { 60L }))[30 / stride].square().sum().backward();
        int[] seen = [.. Enumerable.Range(0, 60).Where(t => features.grad![t].abs().sum().item<float>() > 0)];
        Assert.That(seen, Has.Length.EqualTo(1 + ((kernel - 1) * (1 + (stride * (layers - 1))))));
        Assert.That(seen[0] + seen[^1], Is.EqualTo(2 * stride * (30 / stride)), "the frame is in the middle of its window");
    }

    [TestCaseSource(nameof(Networks))]
    public void The_same_seed_builds_the_same_network(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder one = Build(encoder), other = Build(encoder);
        foreach ((Tensor a, Tensor b) in one.parameters().Zip(other.parameters())) Assert.That(a.equal(b).all().item<bool>(), Is.True);
    }

    [TestCaseSource(nameof(WithDropout))]
    public void Dropout_drops_in_training_alone(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(encoder);
        Tensor features = torch.randn(6, 1, F), lengths = torch.tensor(new[] { 6L });
        Assert.That(network.training, Is.True);
        Assert.That(network.call(features, lengths).allclose(network.call(features, lengths)), Is.False);
        network.eval();
        Assert.That(network.call(features, lengths).allclose(network.call(features, lengths)), Is.True);
    }

    [TestCaseSource(nameof(Networks))]
    public void A_step_leaves_nothing_but_what_its_caller_holds(IEncoder encoder)
    {
        // The count of the dispose scopes: libtorch's own also counts each parameter's first handle, which a parameter takes over.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (Encoder network = Build(encoder))
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

    private static TestCaseData Case(string name, IEncoder encoder) => new TestCaseData(encoder).SetArgDisplayNames(name);

    private static Encoder Build(IEncoder encoder)
    {
        torch.random.manual_seed(7);
        return encoder.Build(F, V);
    }
}
