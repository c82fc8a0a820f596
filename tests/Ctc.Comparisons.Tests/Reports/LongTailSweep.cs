using System.Text.Json.Nodes;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>
/// A sweep with everything that a report can show: symbols of very different frequency, groups, a grid, failures, runs that are not done.
/// </summary>
internal static class LongTailSweep
{
    private const int Utterances = 120, Epochs = 12;
    private static readonly string[] Symbols = [.. Enumerable.Range(0, 10).Select(v => $"{v}")];
    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static readonly Dictionary<string, int> Trained =
        Symbols.Select((symbol, v) => (symbol, v)).ToDictionary(pair => pair.symbol, pair => 900 / (pair.v + 1));

    public static MadeUpSweep Create()
    {
        var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 5; seed++)
        {
            Finish(sweep, "plain", seed, 0.060, []);
            Finish(sweep, "twin", seed, 0.060, []);
            if (seed == 4)
            {
                new RunFailure("The loss of step 17 is NaN; expected a finite number, with <b>\"a\" & 'b'</b> in |it|.")
                    .Write(sweep.Begin("focal", seed, Experiment("focal", 0.5), 3));
            }
            else Finish(sweep, "focal", seed, 0.015, [], Experiment("focal", 0.5));
            foreach (double epsilon in new[] { 0.02, 0.1 })
            {
                if (epsilon > 0.05 && seed == 5) sweep.Plan("smooth", seed, ("objective.targets.label-smoothing.epsilon", epsilon));
                else Finish(sweep, "smooth", seed, 0.05 + epsilon / 10, [("objective.targets.label-smoothing.epsilon", epsilon)]);
            }
        }

        return sweep;
    }

    /// <summary>Lines of four to eight symbols of ten writers; the rarer a symbol in training, the more often it is read wrongly.</summary>
    public static Measurement Test(long seed, double rate, int stream)
    {
        List<UtteranceResult> results = [];
        for (int u = 0; u < Utterances; u++)
        {
            SplitMix64 line = SplitMix64.At(7, u), chance = SplitMix64.At((int)seed, u, stream);
            string[] reference = [.. Enumerable.Range(0, line.Between(4, 8)).Select(_ => Symbols[line.Below(10)])];
            string[] read = [.. reference.Select(symbol => chance.Unit() < rate * (0.4 + (0.12 * int.Parse(symbol, Invariant))) ? "x" : symbol)];
            int errors = reference.Zip(read).Count(pair => pair.First != pair.Second);
            double loss = 0.3 + errors + (0.1 * chance.Unit());
            results.Add(new UtteranceResult($"line-{u}", reference, read, errors, reference.Length, loss) { Group = $"writer {u % 12}" });
        }

        return Measurement.FromUtterances(results, Trained);
    }

    private static void Finish(MadeUpSweep sweep, string variant, long seed, double rate, (string, JsonNode)[] grid, JsonObject? experiment = null)
    {
        int stream = (int)(rate * 1000);
        string run = sweep.Finish(
            variant,
            seed,
            Test(seed, rate, stream),
            experiment ?? Experiment(variant, grid.Length == 0 ? 0 : grid[0].Item2.GetValue<double>()),
            Epochs,
            grid);
        EpochMetrics.Write(Path.Combine(run, "metrics.jsonl"), Enumerable.Range(1, Epochs).Select(epoch => MadeUpSweep.Epoch(epoch, seed) with
        {
            DevTokenErrorRate = rate + (0.9 / epoch / epoch) + (0.002 * seed),
            BlankShare = 0.5 + (0.3 * (1 - (1.0 / epoch))) - rate,
            AlignmentEntropy = 0.4 / epoch + rate,
        }));
        if (seed == 1) Draw(Path.Combine(run, "alignment.png"));
    }

    private static JsonObject Experiment(string variant, double value) => JsonNode.Parse($$"""
        {
          "name": "made-up", "seed": 1, "train": { "epochs": 12 },
          "objective": {
            "topology": "ctc",
            "weighting": [{{(variant == "focal" ? $"{{ \"focal\": {{ \"alpha\": 1, \"gamma\": {value} }} }}" : "")}}],
            "targets": [{{(variant == "smooth" ? $"{{ \"label-smoothing\": {{ \"epsilon\": {value} }} }}" : "")}}]
          }
        }
        """)!.AsObject();

    private static void Draw(string file)
    {
        var random = new Random(1);
        const int frames = 40, tokens = 11;
        float[,] posteriors = new float[frames, tokens];
        for (int t = 0; t < frames; t++) posteriors[t, t % 5 == 2 ? t / 5 + 1 : 0] = 0.9f;
        var utterance =
            new Utterance("line-0", [.. Enumerable.Range(0, frames * 8).Select(_ => random.NextSingle())], frames, [1, 2, 3, 4, 5, 6, 7, 8]);
        AlignmentPicture.Write(file, new AlignmentDrawing(utterance, new Alphabet(Symbols), posteriors, null, null, "12345678"));
    }
}
