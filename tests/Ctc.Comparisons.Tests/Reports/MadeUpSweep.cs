using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>A sweep's folder with results that nobody trained for.</summary>
internal sealed class MadeUpSweep(string baseline = "plain") : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<PlannedRun> planned = [];

    public string Path => folder.Path;

    public string In(params string[] parts) => folder.In(parts);

    public string Text(string file) => File.ReadAllText(folder.In(file));

    public void Dispose() => folder.Dispose();

    /// <summary>Puts a run on the list, and nothing of it on the disk. Returns its folder.</summary>
    public string Plan(string variant, long seed, params (string Path, JsonNode Value)[] grid)
    {
        string name = string.Join('-', [variant, .. grid.Select(value => value.Value.ToJsonString()), $"{seed}"]);
        string identity = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
        planned.Add(new PlannedRun(variant, grid.ToDictionary(value => value.Path, value => (JsonNode?)value.Value), seed, identity, name));
        new SweepRecord("made-up", baseline, planned).Write(Path);
        return folder.In(name);
    }

    /// <summary>A run that was begun: its record, and its epochs.</summary>
    public string Begin(string variant, long seed, JsonObject? experiment = null, int epochs = 0, params (string Path, JsonNode Value)[] grid)
    {
        string run = Plan(variant, seed, grid);
        Directory.CreateDirectory(run);
        experiment ??= new JsonObject { ["name"] = "made-up", ["seed"] = seed, ["objective"] = new JsonObject { ["weighting"] = new JsonArray() } };
        var record = new RunRecord(planned[^1].Identity, experiment, [], new Dictionary<string, string>(), "cpu", 1, null);
        WholeFile.Write(System.IO.Path.Combine(run, "run.json"), JsonSerializer.Serialize(record, RunJson.Page));
        WriteEpochs(run, epochs, seed);
        return run;
    }

    /// <summary>A run with a result.</summary>
    public string Finish(
        string variant, long seed, Measurement test, JsonObject? experiment = null, int epochs = 0, params (string Path, JsonNode Value)[] grid)
    {
        string run = Begin(variant, seed, experiment, epochs, grid);
        if (test.Metrics is not null) WriteEpochs(run, epochs, seed, test.Metrics);
        WholeFile.Write(System.IO.Path.Combine(run, "evaluation.json"), JsonSerializer.Serialize(test with { Seconds = 10 + seed }, RunJson.Page));
        return run;
    }

    /// <summary>A test set of ten-token lines in which the first utterances have one error each.</summary>
    public static Measurement WithErrors(int errors, int utterances = 20, Func<int, string?>? group = null) => Measurement.FromUtterances(
        [.. Enumerable.Range(0, utterances).Select(u => Line(u, errors > u, group?.Invoke(u)))]);

    public static UtteranceResult Line(int u, bool wrong, string? group = null)
    {
        string[] reference = [.. Enumerable.Repeat("a", 10)];
        return new UtteranceResult($"line-{u}", reference, wrong ? reference[1..] : reference, wrong ? 1 : 0, 10, wrong ? 2 : 0.5) { Group = group };
    }

    private static void WriteEpochs(string run, int epochs, long seed, OrderedDictionary<string, MetricValue>? metrics = null) => EpochMetrics.Write(
        System.IO.Path.Combine(run, "metrics.jsonl"),
        Enumerable.Range(1, epochs).Select(epoch => Epoch(epoch, seed) with { DevMetrics = metrics }));

    public static EpochMetrics Epoch(int epoch, long seed) =>
        new(epoch, 20.0 / epoch + seed, 18.0 / epoch + (0.3 * seed), Math.Min(1, 0.8 / epoch + (0.01 * seed)), 1, 0, 2);
}
