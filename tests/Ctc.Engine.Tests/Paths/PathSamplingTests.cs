using Ctc.Engine.Paths;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

[NoTensorLeaks]
public class PathSamplingTests
{
    private const int Count = 20_000;

    // Pearson's test over all paths; those expected less than five times share one cell. Seeds are fixed: a failure is no bad luck.
    [Test]
    [Category("Slow")]
    public void Each_path_is_drawn_as_often_as_it_is_probable([Range(0, 59)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        using PathSamples samples = PathSampling.Draw(drawn.Lattice, drawn.Scores, drawn.Frames, Count, seed: (ulong)seed);
        long[][] states = [.. samples.States.permute(2, 0, 1).contiguous().data<long>().ToArray().Chunk((int)drawn.Scores.shape[0])]; // B·k rows
        for (int b = 0; b < drawn.Frames.Count; b++)
        {
            LatticePath[] paths = [.. LatticePathEnumeration.Paths(drawn.Lattice, RandomCase.Rows(drawn.Scores, b, drawn.Frames[b]), b)];
            double total = paths.Sum(path => Math.Exp(path.Score));
            Dictionary<string, double> expected = paths.GroupBy(path => Name(path.States, states[0].Length)).ToDictionary(
                same => same.Key,
                same => same.Sum(path => Count * Math.Exp(path.Score) / total));
            Dictionary<string, int> found =
                states.Skip(b * Count).Take(Count).Select(row => string.Join(" ", row)).CountBy(path => path).ToDictionary();
            if (paths.Length == 0) expected[Name([], states[0].Length)] = Count;

            Assert.That(found.Keys, Is.SubsetOf(expected.Keys), "a path that is none");
            (double Expected, double Found)[] cells =
            [
                .. expected.GroupBy(
                    path => path.Value < 5 ? "" : path.Key,
                    (_, cell) => (cell.Sum(path => path.Value), (double)cell.Sum(path => found.GetValueOrDefault(path.Key)))),
            ];
            double statistic = cells.Sum(cell => Math.Pow(cell.Found - cell.Expected, 2) / Math.Max(cell.Expected, 1));
            int freedom = cells.Length - 1;
            Assert.That(statistic, Is.LessThan(freedom + (5 * Math.Sqrt(2 * freedom)) + 1e-6));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_paths_and_another_gives_others()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores, IReadOnlyList<long> frames) = Plain();
        using PathSamples one = PathSampling.Draw(lattice, scores, frames, 50, 1), again = PathSampling.Draw(lattice, scores, frames, 50, 1);
        using PathSamples other = PathSampling.Draw(lattice, scores, frames, 50, 2);
        Assert.That(again.States.equal(one.States).all().item<bool>());
        Assert.That(other.States.equal(one.States).all().item<bool>(), Is.False);
    }

    [Test]
    public void Tokens_are_those_of_the_states_and_padding_is_minus_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores, IReadOnlyList<long> frames) = Plain();
        using PathSamples samples = PathSampling.Draw(lattice, scores, frames, 7, seed: 3);

        Assert.That(samples.Tokens.shape, Is.EqualTo(new long[] { 7, 6, 3 }));
        for (int b = 0; b < frames.Count; b++)
        {
            Tensor tokens = samples.Tokens.select(2, b), states = samples.States.select(2, b);
            long spoken = b == 2 ? 0 : frames[b]; // the third target does not fit
            Assert.That((tokens >= 0).sum().item<long>(), Is.EqualTo(7 * spoken));
            Assert.That((tokens.narrow(1, 0, spoken) >= 0).all().item<bool>());
            Tensor labels = lattice.Labels[b].index_select(0, states.clamp(min: 0).flatten()).view(states.shape);
            Assert.That(tokens.equal(torch.where(states < 0, states, labels)).all().item<bool>());
        }
    }

    [TestCase(0, 3)]
    [TestCase(4, 0)]
    public void No_paths_and_no_frames_have_shapes_too(int count, int total)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[], [1]], [total, 0], tokens: 2);
        using PathSamples samples = PathSampling.Draw(
            new CtcTopology().Build(batch).Numerator,
            torch.zeros([total, 2, 2]),
            batch.Frames,
            count,
            seed: 1);
        Assert.That(samples.States.shape, Is.EqualTo(new long[] { count, total, 2 }));
        Assert.That(samples.Tokens.shape, Is.EqualTo(new long[] { count, total, 2 }));
    }

    private static (Lattice Lattice, Tensor Scores, IReadOnlyList<long> Frames) Plain()
    {
        var batch = new Batch([[1, 2], [], [1, 1]], [6, 3, 2], tokens: 3);
        return (new CtcTopology().Build(batch).Numerator, torch.randn([6, 3, 3], torch.float64, generator: new torch.Generator(5)), batch.Frames);
    }

    private static string Name(int[] states, int total) => string.Join(" ", states.Concat(Enumerable.Repeat(-1, total - states.Length)));
}
