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
    public void An_empty_batch_reads_as_no_sequences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(BestPath.Decode(torch.zeros(4, 0, 3), [], 0), Is.Empty);
    }

    [TestCase(-1)]
    [TestCase(3)]
    public void A_blank_outside_the_vocabulary_is_refused(long blank)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(
            () => BestPath.Decode(torch.zeros(4, 2, 3), [4, 4], blank),
            Throws.ArgumentException.With.Message.EqualTo($"The blank is {blank}; expected a token in [0, 3). (Parameter 'blank')"));
    }

    [Test]
    public void NaN_in_a_valid_frame_reads_as_nothing_and_in_padding_as_if_it_were_not_there()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.zeros(3, 2, 3);
        scores[.., .., 2] = torch.tensor(1f);
        scores[2, .., 0] = torch.tensor(float.NaN);
        Assert.That(BestPath.Decode(scores, [3, 2], 0), Is.EqualTo(new long[][] { [], [2] }));
    }

    [Test]
    public void No_frames_read_as_nothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(BestPath.Decode(torch.zeros(0, 2, 3), [0, 0], 0), Is.EqualTo(new long[][] { [], [] }));
    }
}
