using System.Diagnostics;
using System.Text;

namespace Ctc.Experiments.Processes;

/// <summary>A program of the system that is called for its output, such as a decoder of sound.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record InstalledProgram(string Path)
{
    /// <summary>Finds a program in the folders of <c>PATH</c>, but not in the working directory nor in folders that are relative to it.</summary>
    /// <param name="name">Its name without an ending.</param>
    /// <param name="folders">The folders, separated as in <c>PATH</c>, which they are by default.</param>
    /// <returns>Null if it is not installed.</returns>
    public static InstalledProgram? Find(string name, string? folders = null) =>
        (folders ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Where(System.IO.Path.IsPathFullyQualified)
            .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .Where(File.Exists)
            .Select(path => new InstalledProgram(path))
            .FirstOrDefault();

    /// <summary>Runs the program to its end.</summary>
    /// <param name="arguments">Its arguments, which no shell reads.</param>
    /// <param name="limit">The longest time that it may take.</param>
    /// <returns>Its standard output as UTF-8, and how it ended.</returns>
    /// <exception cref="InvalidDataException">It does not start, or takes longer.</exception>
    public (string Output, ProcessEnd End) Run(IEnumerable<string> arguments, TimeSpan limit)
    {
        if (!System.IO.Path.IsPathFullyQualified(Path)) throw new InvalidOperationException($"found the program '{Path}'; expected a full path");
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            using Process process = Process.Start(start) ?? throw new InvalidDataException($"{Path} did not start.");
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidDataException($"{Path} did not end within {limit.TotalSeconds} s, and was ended.");
            }

            process.WaitForExit(); // until its output is read
            return (output.Result, new ProcessEnd(process.ExitCode, process.ExitCode == 0 ? "" : error.Result));
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new InvalidDataException($"{Path} cannot be started: {failure.Message}", failure);
        }
    }
}
