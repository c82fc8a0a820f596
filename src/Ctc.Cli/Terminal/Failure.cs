using Ctc.Cli.Native;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Cli.Terminal;

/// <summary>Converts an exception to a message and an exit code.</summary>
internal static class Failure
{
    public static string Sentence(Exception failure) => failure switch
    {
        PartException { InnerException: (FileNotFoundException or FileLoadException or TypeLoadException) and var cause } part =>
            $"The part '{part.Part}' failed: {RootCause.Describe(cause)}.",
        IOException or UnauthorizedAccessException when IsOfConsole(failure) =>
            $"Standard output cannot be written ({failure.Message.TrimEnd('.')}); expected an open terminal, file or pipe.",
        InfeasibleException => $"{failure.Message} The key of the policy is objective.infeasible.",
        _ when IsWrongInput(failure)
            || failure is TrainingException or PartException or LibtorchException or IOException or UnauthorizedAccessException => failure.Message,
        OperationCanceledException => "interrupted; the same command resumes after the last finished epoch.",
        _ => $"{RootCause.Describe(failure)} (--verbose shows where)",
    };

    public static int ExitCode(Exception failure) => IsWrongInput(failure) ? Terminal.ExitCode.WrongInput : Terminal.ExitCode.WorkFailed;

    private static bool IsWrongInput(Exception failure) =>
        failure is ConfigurationException or PluginException or RunFolderException or InfeasibleException or InvalidDataException;

    // The exception of a stream that is closed or full does not name the stream.
    private static bool IsOfConsole(Exception failure) => failure.StackTrace?.Contains("System.ConsolePal", StringComparison.Ordinal) == true;
}
