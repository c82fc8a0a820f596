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
using Ctc.Cli.Terminal;

namespace Ctc.Cli;

internal static class Program
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where in the code an error arose.", Recursive = true };

    internal static int Main(string[] arguments)
    {
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
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"ctc: {error.Message}");
            return ExitCode.WrongInput;
        }

        try
        {
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
}
