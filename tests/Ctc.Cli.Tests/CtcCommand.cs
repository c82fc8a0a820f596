using System.Diagnostics;
using System.Reflection;

namespace Ctc.Cli.Tests;

/// <summary>The command as its users meet it: a process with arguments, two streams and an exit code.</summary>
internal static class CtcCommand
{
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    public static CommandOutput Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    public static CommandOutput Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandOutput(process.ExitCode, output, error.Result);
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Metadata("Command"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Metadata(string key) => typeof(CtcCommand).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}

/// <summary>What a process left.</summary>
internal sealed record CommandOutput(int ExitCode, string Output, string Error);
