using System.Text.Json;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Runs;

/// <summary>Why a run of a sweep has no result: <c>failure.json</c> in its folder, until it is started again.</summary>
/// <param name="Cause">One or two sentences for the user.</param>
public sealed record RunFailure(string Cause)
{
    /// <summary>The record's file in a run's folder.</summary>
    internal const string FileName = "failure.json";

    /// <summary>Reads why a run failed.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <returns>The cause; null if the run did not fail.</returns>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    public static RunFailure? Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? RunJson.Load<RunFailure>(file, "why a run failed") : null;
    }

    /// <summary>Writes the cause, whole or not at all.</summary>
    /// <param name="folder">The run's folder; created if missing.</param>
    public void Write(string folder) =>
        WholeFile.Write(Path.Combine(Directory.CreateDirectory(folder).FullName, FileName), JsonSerializer.Serialize(this, RunJson.Page));

    /// <summary>Deletes the record of a failure.</summary>
    /// <param name="folder">The run's folder, existing or not.</param>
    internal static void Delete(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (File.Exists(file)) File.Delete(file);
    }
}
