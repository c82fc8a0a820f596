using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Processes;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>The child process that creates parts for <c>ctc plugins list</c> and <c>show</c>. It ends when its standard input closes.</summary>
internal static class PluginLookCommand
{
    public const string Name = "plugin-look";

    public static Command Build(CommandServices services)
    {
        var skip = new Option<int>(PluginTrialOptions.Skip);
        var only = new Option<string?>(PluginTrialOptions.Part);
        var command = new Command(Name, "Creates parts; called by ctc plugins list.") { skip, only };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            Libtorch.RequireWhenUsed(); // few parts need it when they are created, and its load takes longer than the creation of all of them
            using var input = new StreamReader(Console.OpenStandardInput());
            ParentProcess.WhenGone(input, () => Environment.Exit(ExitCode.WorkFailed));
            Console.SetError(TextWriter.Null); // discards the output of the plugins
            Console.SetOut(TextWriter.Null);
            PartFactory[] parts = [.. PluginLook.Parts(services.Parts(), parsed.GetValue(only))];
            for (int at = parsed.GetValue(skip); at < parts.Length; at++)
            {
                MessageLine.Write(Output.Writer, new LookMessage(at));
                MessageLine.Write(Output.Writer, Look(at, parts[at]));
            }

            MessageLine.Write(Output.Writer, new LookMessage(parts.Length, Ended: true));
            Output.Writer.Flush();
            QuickExit.End(ExitCode.Done); // a thread of a plugin may go on
        });
        return command;
    }

    private static LookMessage Look(int at, PartFactory part)
    {
        try
        {
            IReadOnlyList<OptionDescription> options = OptionDescription.AllOf(part);
            bool isTried = part.Origin is not null && !part.HasRequiredOptions;
            return new LookMessage(at, options, isTried ? PluginTrial.CauseWithoutScope(part) : null);
        }
        catch (Exception failure)
        {
            return new LookMessage(at, [], RootCause.Describe(failure));
        }
    }
}

/// <summary>A message from the child process.</summary>
/// <param name="At">The position of the part that is looked at.</param>
/// <param name="Options">Its options; null before the part is looked at.</param>
/// <param name="Problem">The reason why it cannot be created; null if it can.</param>
/// <param name="Ended">Whether this is the last message.</param>
internal sealed record LookMessage(int At, IReadOnlyList<OptionDescription>? Options = null, string? Problem = null, bool Ended = false);
