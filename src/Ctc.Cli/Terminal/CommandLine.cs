using System.CommandLine;
using System.CommandLine.Parsing;
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
        if (unknown.StartsWith('-')) return [UnknownOption(unknown, parsed.CommandResult)];
        return command.Subcommands.Count > 0
            ? [$"there is no command '{unknown}'; {NearestName.Suggest(unknown, Names(command))}"]
            : parsed.Errors.Select(error => error.Message);
    }

    /// <summary>The sentence for an option that a command does not have, with the nearest of those that it has.</summary>
    /// <param name="written">The argument, with or without a value.</param>
    /// <param name="command">The command.</param>
    public static string UnknownOption(string written, CommandResult command) =>
        $"there is no option '{written}'; {NearestName.Suggest(written.Split('=')[0], Options(command).Select(option => option.Name))}";

    private static IEnumerable<Option> Options(CommandResult command)
    {
        for (CommandResult? at = command; at is not null; at = at.Parent as CommandResult)
        {
            foreach (Option option in at.Command.Options.Where(option => !option.Hidden && (at == command || option.Recursive))) yield return option;
        }
    }

    private static IEnumerable<string> Names(Command command) =>
        command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
}
