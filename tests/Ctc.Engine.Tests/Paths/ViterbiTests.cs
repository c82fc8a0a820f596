using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class ViterbiTests(RecursionKind kind)
{
    // Back-tracing over summed alphas, as the primer does, says frame 1 here.
    [Test]
    public void The_best_path_is_not_the_path_through_the_largest_sums()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor probabilities = torch.tensor([0.5, 0.5, 0.5625, 0.4375, 0.6, 0.4, 7.0 / 9, 2.0 / 9], [4, 1, 2]);
        Assert.That(Align(new Batch([[1]], [4], tokens: 2), probabilities.log()), Is.EqualTo(new[] { 1L, 0, 0, 0 }));
    }

    // All paths of "1" over three even frames tie. From the end: the last blank, kept as long as possible.
    [TestCase(3, new long[] { 1 }, new long[] { 1, 0, 0 })]
    [TestCase(2, new long[] { }, new long[] { 0, 0 })]
    [TestCase(4, new long[] { 1, 2 }, new long[] { 1, 2, 0, 0 })]
    public void Ties_go_to_the_higher_final_state_then_stay_then_advance_then_skip(int frames, long[] target, long[] path)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(Align(new Batch([target], [frames], tokens: 3), torch.full([frames, 1, 3], -0.125, torch.float64)), Is.EqualTo(path));
    }

    private long[] Align(Batch batch, Tensor scores)
    {
        using ViterbiAlignment best = Viterbi.Align(new CtcTopology().Build(batch).Numerator, scores, batch.Frames, kind);
        return best.Tokens.squeeze(1).data<long>().ToArray();
    }
}
