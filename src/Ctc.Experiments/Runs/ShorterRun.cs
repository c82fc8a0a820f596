using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Runs;

/// <summary>A run of the same experiment with fewer epochs: its last epoch is one of the longer run, to the last bit.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Identities">Its identity, and those of the runs that it continues.</param>
/// <param name="Epochs">The epochs of its experiment.</param>
internal sealed record ShorterRun(string Folder, IReadOnlyList<string> Identities, int Epochs)
{
    /// <summary>Finds the run that an experiment continues.</summary>
    /// <param name="experiment">The experiment, with more epochs.</param>
    /// <param name="path">The folder of the run; it need not exist.</param>
    /// <param name="lookBeside">Whether folders beside it count too.</param>
    /// <returns>The longest of them; null if there is none, or if a schedule depends on the number of epochs.</returns>
    /// <exception cref="RunFolderException">The folder itself holds one, and a schedule depends on the number of epochs.</exception>
    public static ShorterRun? Find(Experiment experiment, string path, bool lookBeside)
    {
        string? parent = Path.GetDirectoryName(path);
        IEnumerable<string> beside =
            lookBeside && Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal) : [];
        ShorterRun? found = Examine(experiment, path)
            ?? beside.Select(folder => Examine(experiment, folder)).OfType<ShorterRun>().MaxBy(run => run.Epochs);
        if (experiment.Schedules.FirstOrDefault(schedule => schedule.DependsOnLength) is not { } schedule) return found;
        if (found?.Folder != path) return null;
        string name = ScheduleReader.Describe(schedule)!.Metadata.Name;
        throw new RunFolderException(
            $"{path} holds the same run of {found.Epochs} epochs, whose schedule '{name}' depends on their number; " +
            $"expected another folder, in which all {experiment.Train.Epochs} epochs are trained.");
    }

    private static ShorterRun? Examine(Experiment experiment, string folder)
    {
        if (!RunFolder.IsAt(folder) || !File.Exists(RunFolder.LastCheckpointIn(folder))) return null;
        RunRecord record;
        try
        {
            record = RunFolder.LoadRecord(folder);
        }
        catch (RunFolderException)
        {
            return null; // It is not the folder of this run.
        }

        if (record.Experiment["train"]?["epochs"] is not JsonValue value || !value.TryGetValue(out int epochs)) return null;
        if (epochs < 1 || epochs >= experiment.Train.Epochs) return null;
        Experiment shorter = experiment with { Train = experiment.Train with { Epochs = epochs } };
        return RunIdentity.Compute(shorter, Numerics.Version) == record.Identity
            ? new ShorterRun(folder, [record.Identity, .. record.Continues ?? []], epochs)
            : null;
    }
}
