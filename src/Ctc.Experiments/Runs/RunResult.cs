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
}
