namespace Ctc.Engine.Tests.Recursions;

/// <summary>
/// Selfless CTC with stars before, between and behind the tokens: an output spells a target if the target is what is left of it after leaving out
/// some of its tokens.
/// </summary>
/// <remarks>
/// The states are those of selfless CTC. In the place of a blank they read a class: the blank, and with a weight every token but the next of the
/// target. So the first occurrence of the next token is that of the target, and an output has one path: a star that read the next token too would
/// give it one path for each occurrence.
/// </remarks>
internal sealed class StarTopology(double weight = 0) : ITopology
{
    public Lattices Build(Batch batch)
    {
        (int size, long blank) = (batch.Size, batch.Blank!.Value);
        int most = batch.Targets.Max(target => target.Length) + 1;
        long[] States(long[] own) => [.. Enumerable.Range(0, (2 * own.Length) + 1).Select(s => s % 2 == 1 ? own[s / 2] : batch.Tokens + (s / 2))];
        Lattice lattice = Lattice.CreateBanded(
            [.. batch.Targets.Select(States)],
            [0, 1, 2],
            arc: (_, s, step) => Score(step switch { 0 => s % 2 == 0, 1 => true, _ => s % 2 == 1 }),
            initial: (_, s) => Score(s < 2),
            final: (states, s) => Score(s >= states.Length - 2),
            empty: states => Score(states.Length == 1));
        IEnumerable<long> Left(long[] own) => Enumerable.Range(0, most).SelectMany(i => new[] { blank, i < own.Length ? own[i] : -1 });
        long[] listed = [.. batch.Targets.SelectMany(Left)];
        Tensor weights = torch.tensor([0.0, double.NegativeInfinity]).expand(size, most, 2);
        return new Lattices(lattice.WithClasses(
            new TokenClasses(torch.full([size, most], weight, torch.float64), torch.tensor(listed, [size, most, 2]), weights)));
    }

    private static double Score(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}
