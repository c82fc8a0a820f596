using System.CommandLine;
using Ctc.Hosting;

namespace Ctc.Cli.Terminal;

/// <summary>Command lines that ask for help, and the sentences for those that cannot be parsed.</summary>
internal static class CommandLine
{
    private const string Help = "--help";

    /// <summary>Converts <c>ctc help COMMAND</c>, and a command that lacks its subcommand, to a request for help.</summary>
    public static string[] WithHelp(Command root, string[] arguments)
    {
        string[] words = arguments is ["help", .. var asked] ? asked : arguments;
        Command command = root;
        foreach (string word in words)
        {
            if (command.Subcommands.FirstOrDefault(candidate => candidate.Name == word) is not { } next) return words;
            command = next;
        }

        return words.Length < arguments.Length || command.Subcommands.Count > 0 ? [.. words, Help] : words;
    }

    /// <summary>The mistakes of a command line: for an unknown command or option the nearest one, otherwise the parser's own sentences.</summary>
    public static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var unknown, ..]) return parsed.Errors.Select(error => error.Message);
        if (unknown.StartsWith('-')) return [$"there is no option '{unknown}'; {NearestName.Suggest(unknown, Options(parsed))}"];
        return command.Subcommands.Count > 0
            ? [$"there is no command '{unknown}'; {NearestName.Suggest(unknown, Names(command))}"]
            : parsed.Errors.Select(error => error.Message);
    }

    private static IEnumerable<string> Options(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(option => option.Name);

    private static IEnumerable<string> Names(Command command) =>
        command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
}
