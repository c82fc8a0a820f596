using System.Text.Json;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The folder of one run, held by an operating-system lock that dies with its process.</summary>
public sealed class RunFolder : IDisposable
{
    private const int MostNames = 5;

    private readonly FileStream held;

    private RunFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>Gets its path.</summary>
    public string Path { get; }

    /// <summary>Gets the checkpoint of the last epoch.</summary>
    public string LastCheckpoint => LastCheckpointIn(Path);

    /// <summary>Gets the checkpoint of the best epoch by the dev set.</summary>
    public string BestCheckpoint => BestCheckpointIn(Path);

    /// <summary>Gets a line for each epoch.</summary>
    public string Metrics => MetricsIn(Path);

    /// <summary>Gets the metrics for TensorBoard.</summary>
    public string Events => In("tensorboard", "events.out.tfevents.ctc");

    /// <summary>Gets the result. If it exists, the run is finished; only pictures and samples are written after it.</summary>
    public string Evaluation => EvaluationIn(Path);

    /// <summary>Gets the files that training writes.</summary>
    internal TrainingFiles Training => new(LastCheckpoint, BestCheckpoint, Metrics, Events);

    /// <summary>Gets the record of the run.</summary>
    public string Record => In(RecordName);

    /// <summary>Gets the log.</summary>
    public string Log => In("log.txt");

    /// <summary>Gets the picture of one test line under the model.</summary>
    public string AlignmentPicture => AlignmentPictureIn(Path);

    /// <summary>Gets the picture of losses and errors over the epochs.</summary>
    public string TrainingCurve => In("training.png");

    /// <summary>Gets whether the run was brought to its end.</summary>
    public bool IsFinished => File.Exists(Evaluation);

    private static string RecordName => "run.json";

    // The files of a run that was interrupted before its record was written.
    private static string[] OwnNames => [FolderLock.FileName, RunFailure.FileName, "checkpoints", WholeFile.AsideOf(RecordName)];

    // The record and the lock are not among them.
    private string[] Written =>
    [
        Evaluation, LastCheckpoint, BestCheckpoint, Metrics, Events, Log, AlignmentPicture, TrainingCurve, In(RunFailure.FileName),
        .. Samples.Written(Path), Samples.ListIn(Path),
        .. NumberedPictures.Written(In(WorstLines.FolderName)), .. NumberedPictures.Written(In(WorstBoundaries.FolderName)),
    ];

    /// <summary>Resolves the path of an output folder.</summary>
    /// <param name="path">As on the command line.</param>
    /// <param name="workingFolder">The folder that a relative path starts from.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="RunFolderException">The path is empty or blank.</exception>
    public static string Resolve(string path, string workingFolder) => string.IsNullOrWhiteSpace(path)
        ? throw new RunFolderException("The path of the output folder is empty; expected a folder, existing or not.")
        : System.IO.Path.GetFullPath(path, workingFolder);

    /// <summary>Opens a run's folder, new or cut off or finished, and records the run there.</summary>
    /// <param name="path">The folder; created if missing.</param>
    /// <param name="record">The record of the run.</param>
    /// <param name="fresh">Whether existing files of the same run are discarded.</param>
    /// <param name="patience">How long to wait for a process that holds the folder; by default not at all.</param>
    /// <returns>The folder, locked.</returns>
    /// <exception cref="RunFolderException">Another process holds it, or it belongs to another run or to something else.</exception>
    public static RunFolder Open(string path, RunRecord record, bool fresh = false, TimeSpan patience = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        path = Checked(path, record.Identities);
        var folder = new RunFolder(path, FolderLock.Hold(path, patience));
        try
        {
            if (fresh && File.Exists(folder.Record)) folder.Clear();
            RunFailure.Delete(path);
            Directory.CreateDirectory(folder.In("checkpoints"));
            if (!File.Exists(folder.Record) || LoadRecord(path).Identity != record.Identity)
            {
                File.Delete(folder.Evaluation); // of a run of fewer epochs
                WholeFile.Write(folder.Record, JsonSerializer.Serialize(record, RunJson.Page));
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a folder holds a run.</summary>
    internal static bool Holds(string path, string identity) => IsAt(path) && LoadRecord(path).Identity == identity;

    /// <summary>Copies the checkpoints of another run, the last one last, if there are none yet.</summary>
    internal void TakeCheckpoints(string other)
    {
        if (File.Exists(LastCheckpoint)) return;

        // The other run may be under way: its best checkpoint is of its last epoch, or of a later one.
        byte[] last = File.ReadAllBytes(LastCheckpointIn(other)), best = File.ReadAllBytes(BestCheckpointIn(other));
        WholeFile.Write(BestCheckpoint, stream => stream.Write(best));
        WholeFile.Write(LastCheckpoint, stream => stream.Write(last));
    }

    /// <summary>Finds the result of a finished run. Nothing is written or locked, so the folder may be read-only.</summary>
    /// <param name="path">The folder; it need not exist.</param>
    /// <param name="record">The record of the run.</param>
    /// <returns>The result; null if there is none yet.</returns>
    /// <exception cref="RunFolderException">The folder belongs to another run or to something else, or the result is damaged.</exception>
    public static RunResult? FindResult(string path, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        path = Checked(path, record.Identities);
        bool isDone = IsAt(path) && File.Exists(EvaluationIn(path)) && LoadRecord(path).Identity == record.Identity;
        return isDone ? RunResult.Load(path, record.Identity) : null;
    }

    /// <summary>Reads the record of a run.</summary>
    /// <param name="path">A run's folder.</param>
    /// <returns>The record.</returns>
    /// <exception cref="RunFolderException">It is no run's folder.</exception>
    public static RunRecord LoadRecord(string path)
    {
        string file = System.IO.Path.Combine(path, RecordName);
        if (!File.Exists(file)) throw new RunFolderException($"{path}: there is no {RecordName}; expected the folder of a run.");
        RunRecord record = RunJson.Load<RunRecord>(file, "the record of a run");
        if (record.Identity is { Length: 64 } && record.Identity.All(char.IsAsciiHexDigitLower)) return record;
        throw new RunFolderException($"{file}: the identity is '{YamlScalar.Shown(record.Identity)}'; expected 64 hexadecimal digits.");
    }

    /// <summary>Determines how far the run in a folder has come, from its files.</summary>
    /// <param name="path">The folder of a run; it need not exist.</param>
    /// <returns>Any state but running.</returns>
    public static RunState StateOf(string path) =>
        File.Exists(EvaluationIn(path)) ? RunState.Done
        : File.Exists(System.IO.Path.Combine(path, RunFailure.FileName)) ? RunState.Failed
        : IsAt(path) ? RunState.Unfinished
        : RunState.Missing;

    /// <summary>Determines whether a run was begun in a folder.</summary>
    /// <param name="path">The folder of a run.</param>
    /// <returns>True if it holds the record of a run.</returns>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, RecordName));

    internal static string LastCheckpointIn(string path) => System.IO.Path.Combine(path, "checkpoints", "last.ckpt");

    internal static string BestCheckpointIn(string path) =>
        System.IO.Path.Combine([path, .. TrainingConfiguration.BestCheckpoint.Split('/')]);

    /// <summary>The folder of the run whose best checkpoint a file is; null if it is something else.</summary>
    internal static string? OfBestCheckpoint(string file)
    {
        string? run = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(file));
        return run is not null && IsAt(run) && BestCheckpointIn(run) == file ? run : null;
    }

    /// <summary>The path of the result.</summary>
    /// <param name="path">The folder of a run.</param>
    /// <returns>An absolute or relative path, as <paramref name="path"/>.</returns>
    public static string EvaluationIn(string path) => System.IO.Path.Combine(path, "evaluation.json");

    /// <summary>The path of the metrics, one line for each epoch.</summary>
    /// <param name="path">The folder of a run.</param>
    /// <returns>An absolute or relative path, as <paramref name="path"/>.</returns>
    public static string MetricsIn(string path) => System.IO.Path.Combine(path, "metrics.jsonl");

    /// <summary>The path of the picture of one test line.</summary>
    /// <param name="path">The folder of a run.</param>
    /// <returns>An absolute or relative path, as <paramref name="path"/>.</returns>
    public static string AlignmentPictureIn(string path) => System.IO.Path.Combine(path, "alignment.png");

    /// <summary>A path in the folder.</summary>
    /// <param name="parts">Names below it.</param>
    /// <returns>An absolute path.</returns>
    public string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static string Checked(string path, IReadOnlyList<string> identities)
    {
        path = System.IO.Path.GetFullPath(path);
        RefuseForeign(path, identities);
        return path;
    }

    private static void RefuseForeign(string path, IReadOnlyList<string> identities)
    {
        if (File.Exists(path)) throw new RunFolderException($"{path} is a file; expected a folder, or nothing.");
        if (!Directory.Exists(path)) return;
        if (File.Exists(System.IO.Path.Combine(path, RecordName)))
        {
            string there = LoadRecord(path).Identity;
            if (!identities.Contains(there))
            {
                (string found, string expected) = (RunIdentity.Abbreviate(there), RunIdentity.Abbreviate(identities[0]));
                throw new RunFolderException($"{path} holds another run, {found}; expected {expected}, or an empty folder.");
            }
        }
        else if (Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).Any(name => !OwnNames.Contains(name)))
        {
            throw new RunFolderException($"{path} holds other files; expected an empty folder, or a run's.");
        }
    }

    // In an order that leaves a valid run after a crash at any point: the result first, the record last. Only files of the run are deleted.
    private void Clear()
    {
        string[] written = Written, names = ["checkpoints", "tensorboard", Samples.FolderName, WorstLines.FolderName, WorstBoundaries.FolderName];
        string[] folders = [.. names.Select(name => In(name))];
        string[] cleared = [.. written, .. written.Append(Record).Select(WholeFile.AsideOf)];
        string[] foreign =
        [
            .. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
                .Except([.. cleared, .. folders, Record, In(FolderLock.FileName)])
                .Select(entry => System.IO.Path.GetRelativePath(Path, entry))
                .Order(StringComparer.Ordinal),
        ];
        if (foreign.Length > 0)
        {
            string more = foreign.Length > MostNames ? $" and {foreign.Length - MostNames} more" : "";
            throw new RunFolderException(
                $"{Path} holds files that the run did not write: {string.Join(", ", foreign.Take(MostNames))}{more}; expected none, because " +
                "--fresh clears the folder. Nothing was deleted.");
        }

        foreach (string file in cleared.Where(File.Exists)) File.Delete(file);
        foreach (string folder in folders.Where(Directory.Exists)) Directory.Delete(folder);
        File.Delete(Record);
    }
}
