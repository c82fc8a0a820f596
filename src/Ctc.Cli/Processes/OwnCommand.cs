namespace Ctc.Cli.Processes;

/// <summary>How to start this program again.</summary>
internal static class OwnCommand
{
    /// <summary>The program, and arguments for it: the program is ctc itself, or dotnet with ctc.dll.</summary>
    public static IReadOnlyList<string> With(params string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new PlatformNotSupportedException("The path of this process is unknown; expected it, to start runs with.");
        string own = Path.Combine(AppContext.BaseDirectory, "ctc.dll");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, own, .. arguments] : [program, .. arguments];
    }
}
