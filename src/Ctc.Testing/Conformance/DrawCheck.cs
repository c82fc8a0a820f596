using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;

namespace Ctc.Testing.Conformance;

/// <summary>Checks the random paths of a topology: of the numerator, and of the lattice of every path if it has one.</summary>
internal static class DrawCheck
{
    private const int Count = 1000;

    // Of the standard deviations of Pearson's statistic. The seeds are fixed.
    private const double Most = 8;

    /// <summary>
    /// Compares drawn paths with the list of all paths: each is one of them, those of the numerator spell the target or another target of which
    /// they are paths, those of the lattice of every path spell tokens of targets, and each is drawn as often as it is probable.
    /// </summary>
    public static string? Draws(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        var topology = (ITopology)setting.Only(parts);
        var objective = new Objective(new ObjectiveParts { Topology = topology });
        BatchEvaluation evaluation = objective.Inspect(drawn.Output(objective, drawn.Inputs()), drawn.Batch);
        PathDistribution numerator = evaluation.Numerator;
        Batch batch = drawn.Batch;
        return Fault("the numerator", numerator.Lattice, evaluation.LogProbs, numerator.Draw(Count), batch, Misspelled)
            ?? (evaluation.Everything is { } everything
                ? Fault("the lattice of every path", everything, evaluation.LogProbs, evaluation.Draw(Count), batch, Unspelled)
                : null);

        string? Misspelled(int b, long[] tokens) => SpellingCheck.Fault(topology, batch, b, tokens);

        string? Unspelled(int b, long[] tokens) =>
            topology.Spell(tokens, batch.Vocabulary).Where(token => !SpellingCheck.IsOfTargets(token, batch.Vocabulary)).ToArray()
                is [long foreign, ..]
                ? $"the path [{string.Join(", ", tokens)}] of utterance {b} spells the token {foreign}; expected tokens of targets"
                : null;
    }

    private static string? Fault(
        string name, Lattice lattice, Tensor logProbs, BatchPaths paths, Batch batch, Func<int, long[], string?> misspelled)
    {
        long[] states = Numbers(paths.States!), tokens = Numbers(paths.Tokens); // [k, T, B]
        for (int b = 0; b < batch.Size; b++)
        {
            double[,] scores = TopologyChecks.Rows(logProbs, b, batch.Frames[b]);
            var listed = new ListedLattice(lattice, scores, b);
            LatticePath[] all = [.. LatticePathEnumeration.Paths(lattice, scores, b)];
            double total = all.Sum(path => Math.Exp(path.Score));
            Dictionary<string, double> expected = all.GroupBy(path => string.Join(' ', path.States))
                .ToDictionary(same => same.Key, same => Count * same.Sum(path => Math.Exp(path.Score)) / total);
            var found = new Dictionary<string, int>();
            var spelled = new HashSet<string>();
            for (int k = 0; k < Count; k++)
            {
                long[] ofPath = Path(states, k, b), read = Path(tokens, k, b);
                string path = string.Join(' ', ofPath);
                if (all.Length == 0)
                {
                    if (ofPath.All(state => state == -1)) continue;
                    return $"utterance {b} draws the path [{path}] in {name}, which has none";
                }

                if (!expected.ContainsKey(path)) return $"utterance {b} draws the path [{path}] of states, which is no path of {name}";
                int foreign = Enumerable.Range(0, read.Length).FirstOrDefault(t => !IsRead(listed, t, (int)ofPath[t], read[t]), -1);
                if (foreign >= 0) return $"utterance {b} draws token {read[foreign]} in state {ofPath[foreign]} of {name}, which does not read it";
                found[path] = found.GetValueOrDefault(path) + 1;
                if (spelled.Add(string.Join(' ', read)) && misspelled(b, read) is { } other) return other;
            }

            if (all.Length > 0 && Statistic(expected, found) is { } far) return $"the paths that utterance {b} draws in {name} {far}";
        }

        return null;

        long[] Path(long[] numbers, int k, int b)
        {
            int frames = (int)paths.Tokens.shape[1];
            return [.. Enumerable.Range(0, (int)batch.Frames[b]).Select(t => numbers[(((k * frames) + t) * batch.Size) + b])];
        }
    }

    // Pearson's; those expected less than five times share one cell.
    private static string? Statistic(Dictionary<string, double> expected, Dictionary<string, int> found)
    {
        (double Expected, double Found)[] cells =
        [
            .. expected.GroupBy(
                path => path.Value < 5 ? "" : path.Key,
                (_, cell) => (cell.Sum(path => path.Value), (double)cell.Sum(path => found.GetValueOrDefault(path.Key)))),
        ];
        double statistic = cells.Sum(cell => Math.Pow(cell.Found - cell.Expected, 2) / Math.Max(cell.Expected, 1)), freedom = cells.Length - 1;
        double most = freedom + (Most * (Math.Sqrt(2 * freedom) + 1));
        return statistic <= most
            ? null
            : FormattableString.Invariant(
                $"differ from their probabilities by {statistic:0.0} in Pearson's statistic over {cells.Length} cells; expected at most {most:0.0}");
    }

    private static bool IsRead(ListedLattice listed, int t, int state, long token) =>
        listed.Shares(t, state).Any(each => each.Token == token && each.Share > 0);

    private static long[] Numbers(Tensor values) => values.numel() == 0 ? [] : [.. values.contiguous().cpu().data<long>()];
}
