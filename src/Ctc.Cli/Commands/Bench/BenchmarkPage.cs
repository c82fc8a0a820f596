using System.Text.Json;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Files;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The page whose tables <c>ctc bench --tables</c> writes.</summary>
internal static class BenchmarkPage
{
    /// <summary>Replaces the tables of a page for which there are figures, and prints their names.</summary>
    /// <param name="page">The path of a page in Markdown.</param>
    /// <param name="files">Files with the output of <c>ctc bench --json</c>.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidDataException">A file is missing, or is none of these.</exception>
    public static int Write(string page, string[] files)
    {
        string path = StartFolder.Resolve(page);
        if (!File.Exists(path)) throw new InvalidDataException($"{page}: there is no such file; expected a page in Markdown with tables.");
        if (files.Length == 0) throw new InvalidDataException("--tables is given without a file; expected one or more that --json printed.");
        JsonDocument[] runs = [.. files.Select(Parse)];
        (string text, IReadOnlyList<string> written) =
            BenchmarkTables.Replace(File.ReadAllText(path), page, [.. runs.Select(run => run.RootElement)]);
        WholeFile.Write(path, text);
        Output.WriteLine(written.Count == 0 ? $"{page}: no table" : $"{page}: {string.Join(", ", written)}");
        foreach (JsonDocument run in runs) run.Dispose();
        return ExitCode.Done;

        static JsonDocument Parse(string file)
        {
            string path = StartFolder.Resolve(file);
            if (!File.Exists(path)) throw new InvalidDataException($"{file}: there is no such file; expected the output of ctc bench --json.");
            try
            {
                var run = JsonDocument.Parse(File.ReadAllBytes(path));
                if (run.RootElement.ValueKind == JsonValueKind.Object && run.RootElement.TryGetProperty("machine", out _)) return run;
            }
            catch (JsonException)
            {
                // The same sentence.
            }

            throw new InvalidDataException($"{file}: found something else than the output of ctc bench --json; expected that.");
        }
    }
}
