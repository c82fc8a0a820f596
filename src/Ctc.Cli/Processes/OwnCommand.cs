namespace Ctc.Cli.Processes;

/// <summary>The command line that starts this program again.</summary>
internal static class OwnCommand
{
    /// <summary>The program, and arguments for it: the program is ctc itself, or dotnet with ctc.dll.</summary>
    public static IReadOnlyList<string> With(params string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new PlatformNotSupportedException(
            "The path of this process is unknown; expected a path, to start child processes.");
        string own = Path.Combine(AppContext.BaseDirectory, "ctc.dll");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, own, .. arguments] : [program, .. arguments];
    }
}
