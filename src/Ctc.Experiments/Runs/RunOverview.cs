using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>A run as its folder shows it, without its experiment or its plugins.</summary>
/// <param name="Folder">The path of its folder.</param>
/// <param name="State">How far it has come; running if a process holds the folder.</param>
/// <param name="Epochs">The number of epochs that are trained.</param>
/// <param name="Metric">
/// The value of the first metric: on the test set if the run is done, else on the dev set after the last epoch; null if there is none yet.
/// </param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Problem">Why its files cannot be read; null if they can.</param>
public sealed record RunOverview(string Folder, RunState State, int Epochs, MetricValue? Metric, long Bytes, string? Problem = null)
{
    private static readonly EnumerationOptions EveryFolder = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Finds the runs in a folder, at any depth. Links to folders are not followed, and nothing is written.</summary>
    /// <param name="folder">A folder, of a run itself too.</param>
    /// <returns>The runs, by path.</returns>
    /// <exception cref="RunFolderException">There is no such folder.</exception>
    public static IReadOnlyList<RunOverview> FindAll(string folder)
    {
        if (!Directory.Exists(folder)) throw new RunFolderException($"{folder}: there is no such folder; expected one that holds runs.");
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder, "*", EveryFolder).Append(folder);
        return [.. folders.Where(RunFolder.IsAt).Order(StringComparer.Ordinal).Select(Load)];
    }

    /// <summary>Reads the state of one run.</summary>
    /// <param name="folder">A run's folder.</param>
    public static RunOverview Load(string folder)
    {
        RunState state = RunFolder.StateOf(folder);
        if (state == RunState.Unfinished && FolderLock.IsHeld(folder)) state = RunState.Running;
        long bytes = new DirectoryInfo(folder).EnumerateFiles("*", EveryFolder).Sum(file => file.Length);
        try
        {
            IReadOnlyList<EpochMetrics> epochs = EpochMetrics.LoadAll(RunFolder.MetricsIn(folder));
            MetricValue? metric = state == RunState.Done ? Tested(RunFolder.EvaluationIn(folder)) : epochs is [.., var last] ? last.Criterion : null;
            return new RunOverview(folder, state, epochs.Count, metric, bytes);
        }
        catch (Exception failure) when (failure is RunFolderException or IOException or UnauthorizedAccessException)
        {
            return new RunOverview(folder, state, 0, null, bytes, failure.Message);
        }
    }

    private static MetricValue Tested(string file)
    {
        Headline test = RunJson.Load<Headline>(file, "the result of a run");
        return test.Metrics is { Count: > 0 } metrics ? metrics.GetAt(0).Value : MetricValue.TokenErrorRate(test.TokenErrorRate).Value;
    }

    // The result without its utterances, which are most of the file.
    private sealed record Headline(double TokenErrorRate, OrderedDictionary<string, MetricValue>? Metrics = null);
}
