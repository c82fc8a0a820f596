using System.Diagnostics;
using System.Reflection;

namespace Ctc.Cli.Tests;

/// <summary>Runs the command as a process with arguments, two streams and an exit code.</summary>
internal static class CtcCommand
{
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The tested build, Release or Debug.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The command's own DLL.</summary>
    public static string Dll { get; } = Metadata("Command");

    public static CommandOutput Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    public static CommandOutput Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Finished(Start(environment, arguments));

    /// <summary>Runs in a folder other than the repository.</summary>
    public static CommandOutput RunIn(string folder, params string[] arguments) => RunIn(folder, new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="RunIn(string, string[])"/>
    public static CommandOutput RunIn(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Finished(Start(environment, arguments, folder: folder));

    /// <summary>Runs another build of the command.</summary>
    public static CommandOutput RunAt(string dll, params string[] arguments) =>
        Finished(Start(new Dictionary<string, string>(), arguments, dll: dll));

    /// <summary>Runs with text on standard input.</summary>
    public static CommandOutput Pipe(string input, params string[] arguments)
    {
        using Process process = Start(new Dictionary<string, string>(), arguments, takesInput: true);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new CommandOutput(process.ExitCode, output.Result, error.Result);
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(environment, arguments, takesInput: false);

    private static CommandOutput Finished(Process started)
    {
        using Process process = started;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandOutput(process.ExitCode, output, error.Result);
    }

    private static Process Start(
        IReadOnlyDictionary<string, string> environment, string[] arguments, bool takesInput = false, string? dll = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [dll ?? Dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = takesInput,
            WorkingDirectory = folder ?? Repository,
        };
        start.Environment["DOTNET_TieredPGO"] = "0"; // as in the tests' own process
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Metadata(string key) => typeof(CtcCommand).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}

/// <summary>The output and exit code of a process.</summary>
internal sealed record CommandOutput(int ExitCode, string Output, string Error);
