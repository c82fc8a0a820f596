using Spectre.Console;

namespace Ctc.Cli.Tests;

/// <summary>The command's entry point, called in this process with the repository as working directory and with both streams captured.</summary>
/// <remarks>
/// For tests of text, files and exit codes. Signals, kills, standard input and commands that start children (<c>sweep</c>, <c>plugins check</c>)
/// need a separate process: <see cref="CtcCommand"/>. The streams, the environment, the working directory and libtorch's threads are
/// global: no test runs in parallel with one that calls it. Fixtures that only start processes are Parallelizable: NUnit runs them together,
/// because they wait, and apart from all others.
/// </remarks>
internal static class CtcInProcess
{
    public static CommandOutput Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    /// <summary>Runs with environment variables, whose former values are restored afterwards.</summary>
    public static CommandOutput Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Dictionary<string, string?> before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        (TextWriter output, TextWriter error, IAnsiConsole console) = (Console.Out, Console.Error, AnsiConsole.Console);
        string folder = Environment.CurrentDirectory;
        int threads = torch.get_num_threads();
        using StringWriter capturedOutput = new(), capturedError = new();
        try
        {
            foreach ((string name, string value) in environment) Environment.SetEnvironmentVariable(name, value);
            Console.SetOut(capturedOutput);
            Console.SetError(capturedError);
            AnsiConsole.Console = NotInteractive(capturedOutput);
            Environment.CurrentDirectory = CtcCommand.Repository;
            int exitCode = Program.Run(arguments);
            return new CommandOutput(exitCode, capturedOutput.ToString(), capturedError.ToString());
        }
        finally
        {
            foreach ((string name, string? value) in before) Environment.SetEnvironmentVariable(name, value);
            Console.SetOut(output);
            Console.SetError(error);
            AnsiConsole.Console = console;
            Environment.CurrentDirectory = folder;
            torch.set_num_threads(threads);
        }
    }

    // As for a command whose output is a pipe, even if the tests run in a terminal.
    private static IAnsiConsole NotInteractive(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(output),
    });
}
