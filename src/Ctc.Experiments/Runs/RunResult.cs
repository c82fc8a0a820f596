using System.Text.Json;
using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>A finished run.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Test">The measurement of the best epoch on the test set.</param>
/// <param name="AlreadyDone">Whether it was finished before.</param>
public sealed record RunResult(string Folder, Measurement Test, bool AlreadyDone)
{
    /// <summary>Reads the result of a finished run.</summary>
    /// <param name="folder">A run's folder.</param>
    /// <returns>The result.</returns>
    /// <exception cref="RunFolderException">There is no result, or none of this version.</exception>
    public static RunResult Load(string folder) =>
        new(folder, RunJson.Load<Measurement>(RunFolder.EvaluationIn(folder), "the result of a run"), AlreadyDone: true);

    /// <summary>Reads the result of a finished run, and writes the groups that the data name now into it.</summary>
    /// <param name="folder">A run's folder.</param>
    /// <param name="source">The data source of the run.</param>
    /// <returns>The result, with these groups.</returns>
    /// <exception cref="RunFolderException">There is no result, or none of this version.</exception>
    public static RunResult LoadGrouped(string folder, IDataSource source)
    {
        RunResult result = Load(folder);
        if (source is not IGroupedData grouped) return result;
        IReadOnlyDictionary<string, string?> groups = grouped.TestGroups();
        UtteranceResult[] utterances =
            [.. result.Test.Utterances.Select(utterance => utterance with { Group = groups.GetValueOrDefault(utterance.Id) })];
        if (utterances.Zip(result.Test.Utterances).All(pair => pair.First.Group == pair.Second.Group)) return result;

        result = result with { Test = result.Test with { Utterances = utterances } };
        WholeFile.Write(RunFolder.EvaluationIn(folder), JsonSerializer.Serialize(result.Test, RunJson.Page));
        return result;
    }
}
