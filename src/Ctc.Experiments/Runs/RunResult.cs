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
    /// <param name="identity">The identity of the run; null if any is accepted.</param>
    /// <returns>The result.</returns>
    /// <exception cref="RunFolderException">There is no result, none of this version, or that of another run.</exception>
    public static RunResult Load(string folder, string? identity = null)
    {
        string file = RunFolder.EvaluationIn(folder);
        Measurement test = RunJson.Load<Measurement>(file, "the result of a run");
        if (identity is not null && test.Identity is not null && test.Identity != identity)
        {
            throw new RunFolderException(
                $"{file} is of another run, {RunIdentity.Abbreviate(test.Identity)}; expected {RunIdentity.Abbreviate(identity)}. " +
                "Without that file the run is measured again.");
        }

        return new RunResult(folder, test, AlreadyDone: true);
    }

    /// <summary>Reads the result of a finished run, and writes the groups that the data name now into it.</summary>
    /// <param name="folder">A run's folder.</param>
    /// <param name="identity">The identity of the run.</param>
    /// <param name="source">The data source of the run.</param>
    /// <returns>The result, with these groups.</returns>
    /// <exception cref="RunFolderException">There is no result, none of this version, or that of another run.</exception>
    public static RunResult LoadGrouped(string folder, string identity, IDataSource source)
    {
        RunResult before = Load(folder, identity), now = before.WithGroups(source);
        if (!ReferenceEquals(now, before)) WholeFile.Write(RunFolder.EvaluationIn(folder), JsonSerializer.Serialize(now.Test, RunJson.Page));
        return now;
    }

    /// <summary>The result with the groups that the data name now.</summary>
    /// <param name="source">The data source of the run.</param>
    /// <returns>This object if no group differs.</returns>
    public RunResult WithGroups(IDataSource source)
    {
        if (source is not IGroupedData grouped) return this;
        IReadOnlyDictionary<string, string?> groups = grouped.TestGroups();
        UtteranceResult[] utterances =
            [.. Test.Utterances.Select(utterance => utterance with { Group = groups.GetValueOrDefault(utterance.Id) })];
        bool isSame = utterances.Zip(Test.Utterances).All(pair => pair.First.Group == pair.Second.Group);
        return isSame ? this : this with { Test = Test with { Utterances = utterances } };
    }
}
