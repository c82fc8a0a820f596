namespace Ctc.Cli.Terminal;

/// <summary>What the command says to whoever called it.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int WorkFailed = 1;
    public const int WrongInput = 2;
}
