using System.CommandLine;

namespace Ctc.Cli.Commands.Show;

/// <summary><c>ctc show RUN</c> and <c>ctc show data</c>.</summary>
internal static class ShowCommand
{
    public static Command Build(CommandServices services)
    {
        Command command = ShowRunCommand.Build(services);
        command.Add(ShowDataCommand.Build(services));
        return command;
    }
}
