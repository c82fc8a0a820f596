using System.Diagnostics;
using Ctc.Cli.Tests;

namespace Packages.Tests;

/// <summary>Runs the SDK as for a plugin outside the repository.</summary>
internal static class DotnetCommand
{
    // A node of the build that keeps running would hold the streams open.
    // Tests read its messages, which would otherwise be in the language of the system.
    private static readonly Dictionary<string, string> Always = new(CompilerServer.Environment)
    {
        ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    public static CommandOutput Run(string folder, params string[] arguments) => Run(folder, new Dictionary<string, string>(), arguments);

    public static CommandOutput Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Run("dotnet", folder, environment, arguments);

    /// <summary>Runs a program that the SDK has made or installed.</summary>
    public static CommandOutput Run(string program, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in Always.Concat(environment)) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandOutput(process.ExitCode, output, error.Result);
    }
}
