using System.CommandLine;
using System.CommandLine.Invocation;
using Ctc.Cli.Commands;
using Ctc.Cli.Commands.Align;
using Ctc.Cli.Commands.Bench;
using Ctc.Cli.Commands.Cache;
using Ctc.Cli.Commands.Completion;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Commands.Doctor;
using Ctc.Cli.Commands.Evaluate;
using Ctc.Cli.Commands.Explain;
using Ctc.Cli.Commands.Export;
using Ctc.Cli.Commands.Init;
using Ctc.Cli.Commands.LanguageModels;
using Ctc.Cli.Commands.Loss;
using Ctc.Cli.Commands.Plugins;
using Ctc.Cli.Commands.Posteriors;
using Ctc.Cli.Commands.Report;
using Ctc.Cli.Commands.Run;
using Ctc.Cli.Commands.Runs;
using Ctc.Cli.Commands.Show;
using Ctc.Cli.Commands.Sweep;
using Ctc.Cli.Commands.Tune;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;

namespace Ctc.Cli;

internal static class Program
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where in the code an error arose.", Recursive = true };

    private static bool isDone;

    internal static void Main(string[] arguments)
    {
        _ = FreedMemory.Keep(); // before libtorch allocates
        IdleThreads.Rest();     // before it is loaded

        // The process that started one of these reports how it ended.
        bool isChild = arguments is [SweepRunCommand.Name] or [PluginTrialCommand.Name or PluginLookCommand.Name, ..];
        if (!isChild) AppDomain.CurrentDomain.ProcessExit += (_, _) => NameEarlyEnd();
        int exitCode = Run(arguments);
        isDone = true;

        // A return would wait for the foreground threads of plugins.
        QuickExit.End(exitCode);
    }

    /// <summary>Executes a command in this process.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] arguments)
    {
        OpenStreams();
        using IDisposable claim = Output.Claim();
        using var services = new CommandServices();
        var root = new RootCommand("CTC variants from plugins: train, compare, decode.")
        {
            Verbose,
            InitCommand.Build(services),
            RunCommand.Build(services),
            SweepCommand.Build(services),
            SweepRunCommand.Build(services),
            RunsCommand.Build(),
            ReportCommand.Build(),
            DecodeCommand.Build(services),
            EvaluateCommand.Build(services),
            LanguageModelCommand.Build(services),
            AlignCommand.Build(services),
            TuneCommand.Build(services),
            PosteriorsCommand.Build(services),
            ExportCommand.Build(services),
            LossCommand.Build(services),
            ExplainCommand.Build(services),
            ShowCommand.Build(services),
            PluginsCommand.Build(services),
            PluginTrialCommand.Build(services),
            PluginLookCommand.Build(services),
            BenchCommand.Build(services),
            CacheCommand.Build(),
            CompletionCommand.Build(),
            DoctorCommand.Build(services),
        };
        ParseResult parsed = root.Parse(CommandLine.WithHelp(root, arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string mistake in CommandLine.Mistakes(parsed)) Console.Error.WriteLine($"ctc: {mistake}");
            return ExitCode.WrongInput;
        }

        if (CommandLineRules.FindFault(arguments, parsed) is { } fault)
        {
            Console.Error.WriteLine($"ctc: {fault}");
            return ExitCode.WrongInput;
        }

        try
        {
            OpenFileLimit.Require();
            StartFolder.Record();
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

    // Environment.Exit(0) in a part would otherwise be a success without a result.
    private static void NameEarlyEnd()
    {
        if (isDone || Environment.ExitCode != ExitCode.Done) return;
        Console.Error.WriteLine("ctc: a part ended the process before the command was done; expected it to return or to throw.");
        Environment.ExitCode = ExitCode.WorkFailed;
    }
}
