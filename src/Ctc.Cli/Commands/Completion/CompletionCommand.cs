using System.CommandLine;
using Ctc.Cli.Terminal;

namespace Ctc.Cli.Commands.Completion;

/// <summary><c>ctc completion SHELL</c>: a script by which a shell completes commands and options, and leaves other words to its own rules.</summary>
/// <remarks>The scripts ask the command itself, by the directive <c>[suggest:POSITION]</c> of its parser.</remarks>
internal static class CompletionCommand
{
    // Options are suggested behind a hyphen only: where nothing else fits, bash completes file names (-o default).
    private const string Bash =
        """
        # ctc: completion for bash. Add to ~/.bashrc:  eval "$(ctc completion bash)"
        _ctc() {
            local word="${COMP_WORDS[COMP_CWORD]}" words
            words=$(ctc "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            [[ $word == -* ]] || words=$(grep '^[[:alpha:]]' <<< "$words")
            COMPREPLY=($(compgen -W "$words" -- "$word"))
        }
        complete -o default -F _ctc ctc
        """;

    // bash's rules, which zsh emulates.
    private const string Zsh =
        """
        # ctc: completion for zsh. Add to ~/.zshrc:  eval "$(ctc completion zsh)"
        autoload -U +X compinit && compinit
        autoload -U +X bashcompinit && bashcompinit
        """ + "\n" + Bash;

    private const string Fish =
        """
        # ctc: completion for fish. Add to ~/.config/fish/config.fish:  ctc completion fish | source
        function __ctc_suggest
            set -l line (commandline -cp)
            ctc "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -rv '^/'
        end
        complete -c ctc -a '(__ctc_suggest)'
        """;

    // The cursor may be in the middle of the line; a word without a suggestion is completed as a file name.
    private const string PowerShell =
        """
        # ctc: completion for PowerShell. Add to $PROFILE:  ctc completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName ctc -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $position = $cursorPosition - $commandAst.Extent.StartOffset
            $line = $commandAst.ToString().PadRight($position)
            ctc "[suggest:$position]" "$line" 2>$null |
                Where-Object { $_ -notlike '/*' -and $_ -like "$wordToComplete*" -and ($wordToComplete -like '-*' -or $_ -match '^[a-z]') } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts =
        new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["powershell"] = PowerShell };

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Scripts.Keys) + "." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script by which a shell completes commands and options.") { shell };
        command.SetAction(parsed =>
        {
            Output.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return ExitCode.Done;
        });
        return command;
    }
}
