using System.Text.Json.Nodes;
using Ctc.Engine.Decoding;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

[NoTensorLeaks]
public class BestPathTests
{
    [Test]
    public void Reads_what_TensorFlow_reads()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        JsonNode golden =
            JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "tf_greedy_decode.json")))!;
        Tensor scores = GoldenCase.Tensor(golden["inputs"]!).log();

        IReadOnlyList<long[]> read = BestPath.Decode(scores, GoldenCase.Numbers<long>(golden["input_lengths"]!), golden["blank"]!.GetValue<int>());

        Assert.That(read, Is.EqualTo(golden["expected"]!["paths"]!.AsArray().Select(path => GoldenCase.Numbers<long>(path!))));
    }

    [TestCase(new long[] { 1, 1, 0, 1, 2, 2 }, new long[] { 1, 1, 2 })]
    [TestCase(new long[] { 0, 0 }, new long[] { })]
    [TestCase(new long[] { }, new long[] { })]
    [TestCase(new long[] { 3 }, new long[] { 3 })]
    public void Collapse_merges_repeats_and_then_drops_blanks(long[] path, long[] target) =>
        Assert.That(BestPath.Collapse(path, blank: 0), Is.EqualTo(target));

    [Test]
    public void No_frames_read_as_nothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(BestPath.Decode(torch.zeros(0, 2, 3), [0, 0], 0), Is.EqualTo(new long[][] { [], [] }));
    }
}
