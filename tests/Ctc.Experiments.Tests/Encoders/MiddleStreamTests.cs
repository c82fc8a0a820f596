using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Encoders;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Encoders;

[NonParallelizable] // The weights come from the global generator.
public class MiddleStreamTests
{
    private const int F = 3;
    private const long V = 5;

    private static readonly BilstmOptions Lstm = new() { Hidden = 6, Filters = 4, Context = 1, Dropout = 0, Layers = 3 };
    private static readonly ConvOptions Window = new() { Hidden = 6, Layers = 3, Kernel = 3, Dropout = 0 };
    private static readonly CrnnOptions Image = new() { Hidden = 6, Convolutions = 2, Filters = 4, Dropout = 0, Layers = 3 };

    private static IEnumerable<TestCaseData> Networks =>
    [
        Case("bilstm", new Bilstm(Lstm with { Middle = 1 })),
        Case("bilstm, self-conditioning", new Bilstm(Lstm with { Middle = 2, SelfConditioning = true })),
        Case("conv", new Conv(Window with { Middle = 1, Stride = 2 })),
        Case("conv, self-conditioning", new Conv(Window with { Middle = 2, SelfConditioning = true })),
        Case("crnn", new Crnn(Image with { Middle = 1, Stride = 3 })),
    ];

    [TestCaseSource(nameof(Networks))]
    public void The_stream_has_the_shape_of_the_logits_and_forward_gives_the_same_logits(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(encoder);
        foreach (long longest in new long[] { 9, 1, 0 })
        {
            (Tensor features, Tensor frames) = (torch.randn(longest, 2, F), torch.tensor(new[] { longest, longest / 2 }));
            EncoderOutput output = network.Read(features, frames);
            Assert.That(network.Streams.Select(stream => (stream.Name, stream.Width)), Is.EqualTo(new[] { ("middle", (long?)null) }));
            Assert.That(output.Streams.Keys, Is.EqualTo(new[] { "middle" }));
            Assert.That(output.Streams["middle"].shape, Is.EqualTo(new[] { network.OutputFrames(longest), 2, V }));
            Assert.That(output.Logits.equal(network.call(features, frames)).all().item<bool>(), Is.True);
        }
    }

    [TestCaseSource(nameof(Networks))]
    public void The_stream_of_an_utterance_is_the_same_alone_and_in_a_batch(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(encoder);
        Tensor features = torch.randn(9, 2, F);
        features[torch.TensorIndex.Slice(4), 1] = float.NaN;
        Tensor together = network.Read(features, torch.tensor(new long[] { 9, 4 })).Streams["middle"];
        Tensor alone = network.Read(features[torch.TensorIndex.Slice(0, 4), 1].unsqueeze(1), torch.tensor(new[] { 4L })).Streams["middle"];
        Assert.That(Distance.Between(alone, together.narrow(1, 1, 1).narrow(0, 0, network.OutputFrames(4))), Is.LessThan(1e-5));
    }

    [Test]
    public void The_layers_after_the_middle_do_not_change_it_and_those_before_learn_from_it()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new Conv(Window with { Middle = 1 }));
        network.Read(torch.randn(6, 1, F), torch.tensor(new[] { 6L })).Streams["middle"].square().sum().backward();
        string[] reached = [.. network.named_parameters().Where(weight => weight.parameter.grad is not null).Select(weight => weight.name)];
        Assert.That(
            reached,
            Is.EquivalentTo(
                new[] { "convolutions.0.weight", "convolutions.0.bias", "norms.0.weight", "norms.0.bias", "output.weight", "output.bias" }));
    }

    [Test]
    public void Without_self_conditioning_the_logits_of_conv_are_those_without_a_middle()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder plain = Build(new Conv(Window)), middle = Build(new Conv(Window with { Middle = 2 })),
            conditioned = Build(new Conv(Window with { Middle = 2, SelfConditioning = true }));
        (Tensor features, Tensor frames) = (torch.randn(7, 1, F), torch.tensor(new[] { 7L }));
        Tensor expected = plain.call(features, frames);
        Assert.That(middle.call(features, frames).equal(expected).all().item<bool>(), Is.True);
        Assert.That(Distance.Between(conditioned.call(features, frames), expected), Is.GreaterThan(1e-3));
    }

    [Test]
    public void Off_is_the_network_that_was_there_before()
    {
        using Encoder lstm = Build(new Bilstm(Lstm with { Layers = 1 })), window = Build(new Conv(Window with { Layers = 1 }));
        Assert.That(
            lstm.state_dict().Keys,
            Is.EquivalentTo(new[]
            {
                "convolution.weight", "convolution.bias", "norm.weight", "norm.bias", "output.weight", "output.bias",
                "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
                "lstm.weight_ih_l0_reverse", "lstm.weight_hh_l0_reverse", "lstm.bias_ih_l0_reverse", "lstm.bias_hh_l0_reverse",
            }));
        Assert.That((lstm.Streams, window.Streams), Is.EqualTo((Array.Empty<StreamShape>(), Array.Empty<StreamShape>())));
        Assert.That(PartOptions.Write(new BilstmOptions { SelfConditioning = false }), Is.EqualTo(PartOptions.Write(new BilstmOptions())));
    }

    [Test]
    public void A_middle_needs_layers_after_it_and_self_conditioning_a_middle()
    {
        Assert.That(Faults(Lstm with { Middle = 3 }), Is.EqualTo(new[] { "middle is 3 and layers is 3; expected a middle with layers after it" }));
        Assert.That(Faults(Window with { Middle = 4 }), Is.EqualTo(new[] { "middle is 4 and layers is 3; expected a middle with layers after it" }));
        Assert.That(
            Faults(Window with { SelfConditioning = true }),
            Is.EqualTo(new[] { "self-conditioning is true and middle is none; expected a middle, whose probabilities are added" }));
    }

    private static IEnumerable<string?> Faults(IValidatableObject options) =>
        options.Validate(new ValidationContext(options)).Select(refusal => refusal.ErrorMessage);

    private static TestCaseData Case(string name, IEncoder encoder) => new TestCaseData(encoder).SetArgDisplayNames(name);

    private static Encoder Build(IEncoder encoder)
    {
        torch.random.manual_seed(7);
        return encoder.Build(F, V);
    }
}
