using System.CommandLine;
using System.CommandLine.Invocation;
using Ctc.Cli.Commands;
using Ctc.Cli.Commands.Bench;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Commands.Doctor;
using Ctc.Cli.Commands.Explain;
using Ctc.Cli.Commands.Loss;
using Ctc.Cli.Commands.Plugins;
using Ctc.Cli.Commands.Report;
using Ctc.Cli.Commands.Run;
using Ctc.Cli.Commands.Sweep;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;

namespace Ctc.Cli;

internal static class Program
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where in the code an error arose.", Recursive = true };

    internal static int Main(string[] arguments)
    {
        OpenStreams();
        using IDisposable claim = Output.Claim();
        using var services = new CommandServices();
        var root = new RootCommand("CTC variants from plugins: train, compare, decode.")
        {
            Verbose,
            RunCommand.Build(services),
            SweepCommand.Build(services),
            SweepRunCommand.Build(services),
            ReportCommand.Build(),
            DecodeCommand.Build(services),
            LossCommand.Build(services),
            ExplainCommand.Build(services),
            PluginsCommand.Build(services),
            PluginTrialCommand.Build(services),
            PluginLookCommand.Build(services),
            BenchCommand.Build(services),
            DoctorCommand.Build(services),
        };
        ParseResult parsed = root.Parse(CommandLine.WithHelp(root, arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string mistake in CommandLine.Mistakes(parsed)) Console.Error.WriteLine($"ctc: {mistake}");
            return ExitCode.WrongInput;
        }

        try
        {
            OpenFileLimit.Require();
            RequireFolder();
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = Output.Writer, Error = Console.Error,
            });
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"ctc: {Failure.Sentence(failure)}");
            if (parsed.GetValue(Verbose)) Console.Error.WriteLine(failure);
            return Failure.ExitCode(failure);
        }
    }

    // The console opens files at its first use: before there are too many of them, so that this can be said.
    private static void OpenStreams()
    {
        using Stream output = Console.OpenStandardOutput(), error = Console.OpenStandardError();
        output.Write([]);
        error.Write([]);
        _ = (Console.Out, Console.Error);
    }

    // Without it, relative paths and native libraries fail with messages about something else.
    private static void RequireFolder()
    {
        try
        {
            _ = Environment.CurrentDirectory;
        }
        catch (IOException gone)
        {
            throw new InvalidDataException("The current folder does not exist any more; expected a folder that does.", gone);
        }
    }
}
