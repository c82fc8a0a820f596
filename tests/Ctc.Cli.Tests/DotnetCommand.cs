using System.Diagnostics;

namespace Ctc.Cli.Tests;

/// <summary>The SDK, as whoever writes a plugin outside the repository uses it.</summary>
internal static class DotnetCommand
{
    public static CommandOutput Run(string folder, params string[] arguments)
    {
        // A server that stayed behind would hold the streams open.
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandOutput(process.ExitCode, output, error.Result);
    }
}
