using Ctc.Experiments.Encoders;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Encoders;

[NonParallelizable] // The weights of the linear layer come from the global generator.
public sealed class TorchscriptTests : IDisposable
{
    private const int F = 2;
    private const long V = 3;

    private static readonly float[] Weights = [1, 2, 3, 4, 5, 6]; // [V, F]

    private readonly TemporaryFolder folder = new();

    private string File => folder.In("model.pt");

    public void Dispose() => folder.Dispose();

    [SetUp]
    public void Write()
    {
        System.IO.File.Delete(File);
        ScriptArchive.Write(
            File,
            "def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n  return torch.matmul(x, torch.t(self.weight))",
            ("weight", [V, F], Weights));
    }

    [Test]
    public void The_logits_are_those_of_the_model_by_hand()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new TorchscriptOptions { File = File });
        Tensor features = torch.tensor(new float[,,] { { { 1, 10 } }, { { -1, 0 } } }); // [T, 1, F]
        Tensor logits = network.call(features, torch.tensor(new[] { 2L }));
        Assert.That(logits.data<float>().ToArray(), Is.EqualTo(new float[] { 21, 43, 65, -1, -3, -5 }));
        Assert.That(network.state_dict().Keys, Is.EqualTo(new[] { "script.weight" }));
    }

    [Test]
    public void An_utterance_reads_the_same_alone_and_in_a_batch([Values] bool batched)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new TorchscriptOptions { File = File, Batched = batched });
        long[] lengths = [4, 0, 2];
        Tensor features = torch.randn(4, 3, F);
        features[torch.TensorIndex.Slice(2), 2] = float.NaN;
        Tensor together = network.call(features, torch.tensor(lengths));
        Assert.That(together.shape, Is.EqualTo(new[] { 4, 3, V }));
        for (int b = 0; b < lengths.Length; b++)
        {
            Tensor own = features.narrow(1, b, 1).narrow(0, 0, lengths[b]);
            Tensor alone = network.call(own, torch.tensor(new[] { lengths[b] }));
            Assert.That(alone.equal(together.narrow(1, b, 1).narrow(0, 0, lengths[b])).all().item<bool>(), Is.True, $"utterance {b}");
        }
    }

    [TestCase(1, 1, new long[] { 0, 1, 2, 3 })]
    [TestCase(2, 1, new long[] { 0, 1, 1, 2 })]
    [TestCase(2, 2, new long[] { 0, 0, 1, 1 })]
    [TestCase(1, 3, new long[] { 0, 0, 0, 1 })]
    public void Frames_are_counted_by_stride_and_window(int stride, int window, long[] expected)
    {
        System.IO.File.Delete(File);
        ScriptArchive.Write(
            File,
            $"def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n  w = torch.slice(torch.matmul(x, torch.t(self.weight)), 1, {window - 1}, " +
            $"9223372036854775807, {stride})\n  return w",
            ("weight", [V, F], Weights));
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new TorchscriptOptions { File = File, Stride = stride, Window = window });
        Assert.That(Enumerable.Range(0, 4).Select(frames => network.OutputFrames(frames)), Is.EqualTo(expected));
        for (long frames = 0; frames < 4; frames++)
        {
            Tensor logits = network.call(torch.zeros(frames, 1, F), torch.tensor(new[] { frames }));
            Assert.That(logits.shape, Is.EqualTo(new[] { expected[frames], 1, V }));
        }
    }

    [TestCase(ScriptInput.Tbf, "x", ScriptOrder.Tbv, "y")]
    [TestCase(ScriptInput.Bft, "torch.transpose(x, 1, 2)", ScriptOrder.Bvt, "torch.transpose(y, 1, 2)")]
    [TestCase(ScriptInput.Image, "torch.transpose(torch.squeeze(x, 1), 1, 2)", ScriptOrder.Btv, "y")]
    public void Every_order_of_dimensions_gives_the_same_logits(ScriptInput input, string toLast, ScriptOrder order, string toOrder)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder plain = Build(new TorchscriptOptions { File = File });
        string other = folder.In($"{input}.pt");
        ScriptArchive.Write(
            other,
            $"def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n  y = torch.matmul({toLast}, torch.t(self.weight))\n  return {toOrder}",
            ("weight", [V, F], Weights));
        using Encoder network = Build(new TorchscriptOptions { File = other, Input = input, Order = order, Batched = true });
        (Tensor features, Tensor frames) = (torch.randn(5, 2, F), torch.tensor(new[] { 5L, 4L }));
        Assert.That(Distance.Between(network.call(features, frames), plain.call(features, frames)), Is.LessThan(1e-6));
    }

    [Test]
    public void The_blank_comes_first_and_the_first_of_several_outputs_counts()
    {
        using var scope = torch.NewDisposeScope();
        string several = folder.In("several.pt");
        ScriptArchive.Write(
            several,
            "def forward(self: __torch__.M,\n    x: Tensor,\n    lengths: Tensor) -> Tuple[Tensor, Tensor]:\n" +
            "  return (torch.matmul(x, torch.t(self.weight)), lengths)",
            ("weight", [V, F], Weights));
        using Encoder network = Build(new TorchscriptOptions { File = several, Lengths = true, Blank = 2 });
        Tensor logits = network.call(torch.ones(1, 1, F), torch.tensor(new[] { 1L }));
        Assert.That(logits.data<float>().ToArray(), Is.EqualTo(new float[] { 11, 3, 7 }));
    }

    [Test]
    public void A_trained_model_learns_and_a_frozen_one_stays_below_a_linear_layer_that_learns()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder trained = Build(new TorchscriptOptions { File = File });
        using Encoder frozen = Build(new TorchscriptOptions { File = File, Frozen = true, Output = ScriptOutput.Features }, tokens: 7);
        foreach (Encoder network in new[] { trained, frozen })
        {
            EncoderOutput output = network.Read(torch.ones(4, 1, F), torch.tensor(new[] { 4L }));
            output.Logits.square().sum().backward();
        }

        Assert.That(trained.state_dict()["script.weight"].grad!.abs().sum().item<float>(), Is.GreaterThan(0));
        Assert.That(frozen.state_dict()["script.weight"].grad, Is.Null);
        Assert.That(frozen.state_dict().Keys, Is.EquivalentTo(new[] { "script.weight", "output.weight", "output.bias" }));
        Assert.That(frozen.state_dict()["output.weight"].grad!.abs().sum().item<float>(), Is.GreaterThan(0));
        using var optimizer = torch.optim.SGD(trained.parameters(), 0.5);
        optimizer.step();
        Assert.That(
            trained.call(torch.ones(1, 1, F), torch.tensor(new[] { 1L })).data<float>().ToArray(), Is.Not.EqualTo(new float[] { 3, 7, 11 }),
            "the model computes with the weights that were changed");
    }

    [Test]
    public void Weights_come_back_from_a_checkpoint()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = Build(new TorchscriptOptions { File = File }), again = Build(new TorchscriptOptions { File = File });
        using (torch.no_grad()) network.state_dict()["script.weight"].fill_(1);
        using var bytes = new MemoryStream();
        network.save(bytes);
        again.load(new MemoryStream(bytes.ToArray()));
        Assert.That(again.call(torch.ones(1, 1, F), torch.tensor(new[] { 1L })).data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2, 2 }));
    }

    [Test]
    public void What_is_no_such_model_is_a_sentence()
    {
        System.IO.File.WriteAllText(folder.In("text.pt"), "no model");
        AssertRefused(new TorchscriptOptions { File = folder.In("text.pt") }, "; expected a file that torch.jit.save wrote.");
        using (System.IO.Compression.ZipFile.Open(folder.In("weights.pt"), System.IO.Compression.ZipArchiveMode.Create))
        {
        }

        AssertRefused(new TorchscriptOptions { File = folder.In("weights.pt") }, "(it holds no code); expected a file that torch.jit.save wrote.");
        AssertRefused(new TorchscriptOptions { File = File }, ": it returned 3 numbers a frame; expected 4, one for each token", tokens: 4);
        AssertRefused(new TorchscriptOptions { File = File, Stride = 2 }, "it returned 63 frames for 1 utterances; expected 32 frames for each");
        AssertRefused(new TorchscriptOptions { File = File, Blank = 3 }, ": its option blank is 3; expected less than 3, the number of tokens.");
        AssertRefused(new TorchscriptOptions { File = File, Lengths = true }, "a call with the dimensions [1, 32, 2] and lengths failed: ");
        AssertRefused(new TorchscriptOptions { File = File, Input = ScriptInput.Bft }, "a call with the dimensions [1, 2, 32] failed: ");
    }

    private static void AssertRefused(TorchscriptOptions options, string sentence, long tokens = V) => Assert.That(
        () => Build(options, tokens),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains(sentence).And.Message.Not.Contains("\n").And.Message.Contains(options.File));

    private static Encoder Build(TorchscriptOptions options, long tokens = V)
    {
        torch.random.manual_seed(7);
        return new Torchscript(options).Build(F, tokens);
    }
}
