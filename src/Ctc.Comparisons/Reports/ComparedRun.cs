using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>A run of a sweep, with its results so far.</summary>
/// <param name="Planned">Its entry in the plan.</param>
/// <param name="Folder">Its folder, existing or not.</param>
/// <param name="Status">Its state.</param>
internal sealed record ComparedRun(PlannedRun Planned, string Folder, RunState Status)
{
    /// <summary>Gets the cause of its failure; null if it has not failed.</summary>
    public string? Cause { get; init; }

    /// <summary>Gets its resolved configuration; null if it was not begun.</summary>
    public JsonObject? Experiment { get; init; }

    /// <summary>Gets its epochs; none if it was not begun.</summary>
    public IReadOnlyList<EpochMetrics> Epochs { get; init; } = [];

    /// <summary>Gets its result on the test set; null if there is none.</summary>
    public TestResult? Test { get; init; }

    /// <summary>Gets its name in tables.</summary>
    public string Name => $"{Planned.Label}, seed {Planned.Seed}";

    /// <summary>Loads the existing files of a run.</summary>
    /// <param name="planned">Its entry in the plan.</param>
    /// <param name="sweep">The folder of the sweep.</param>
    /// <exception cref="RunFolderException">A file is damaged, or the folder holds another run.</exception>
    public static ComparedRun Load(PlannedRun planned, string sweep)
    {
        string folder = Path.GetFullPath(Path.Combine(sweep, planned.Folder));
        RunState state = RunFolder.StateOf(folder);
        string? cause = RunFailure.Load(folder)?.Cause;
        if (!RunFolder.IsAt(folder)) return new ComparedRun(planned, folder, cause is null ? RunState.Missing : RunState.Failed) { Cause = cause };

        RunRecord record = RunFolder.LoadRecord(folder);
        if (record.Identity != planned.Identity)
        {
            throw new RunFolderException(
                $"{folder} holds another run, {RunIdentity.Abbreviate(record.Identity)}; " +
                $"expected {RunIdentity.Abbreviate(planned.Identity)}, {planned.Label} with seed {planned.Seed}.");
        }

        bool done = state == RunState.Done;
        return new ComparedRun(planned, folder, state)
        {
            Cause = done ? null : cause,
            Experiment = record.Experiment,
            Epochs = EpochMetrics.LoadAll(RunFolder.MetricsIn(folder)),
            Test = done ? TestResult.FromMeasurement(Result(folder, planned.Identity)) : null,
        };
    }

    private static Measurement Result(string folder, string identity)
    {
        Measurement test = RunResult.Load(folder, identity).Test;
        bool isWhole = test.Utterances.All(utterance => utterance is not null && utterance.Reference.All(symbol => symbol is not null))
            && (test.Metrics ?? []).All(metric => metric.Value is not null);
        if (isWhole) return test;
        throw new RunFolderException($"{RunFolder.EvaluationIn(folder)}: an utterance, symbol or metric is null; expected the result of a run.");
    }
}
