using System.CommandLine;

namespace Ctc.Cli.Commands.Show;

/// <summary><c>ctc show data</c>.</summary>
internal static class ShowCommand
{
    public static Command Build(CommandServices services) =>
        new("show", "Shows what an experiment trains on. Trains nothing.") { ShowDataCommand.Build(services) };
}
