namespace Ctc.Cli.Terminal;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int WorkFailed = 1;
    public const int WrongInput = 2;
}
