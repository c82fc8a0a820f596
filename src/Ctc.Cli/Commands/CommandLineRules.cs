using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Terminal;

namespace Ctc.Cli.Commands;

/// <summary>Rules for all commands: an option that is empty or misspelt is an error, and never a value of something else.</summary>
internal static class CommandLineRules
{
    private const string EndOfOptions = "--";

    /// <summary>Finds the first argument that breaks a rule.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="parsed">Its parse result, without errors.</param>
    /// <returns>A sentence; null if there is none.</returns>
    public static string? FindFault(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        // Behind the end of options an argument may have any form.
        string[] before = [.. arguments.TakeWhile(argument => argument != EndOfOptions)];

        // "--output= x" would otherwise take x as the value: --output="$UNSET" is written like that.
        string? empty = before.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument.EndsWith('='));
        if (empty is not null) return $"{empty} has no value; expected one directly after the equals sign.";

        string? unknown = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-' && before.Contains(value));
        return unknown is null ? null : CommandLine.UnknownOption(unknown, parsed.CommandResult);
    }
}
