using Ctc.Experiments.Files;

namespace Ctc.Cli.Terminal;

/// <summary>The inputs of a command that are left out: each is named on the standard error, and the others are read.</summary>
internal static class RefusedInputs
{
    /// <summary>Creates a list that names each input at once.</summary>
    public static Refusals OnError() => new(sentence => Console.Error.WriteLine($"ctc: {sentence}"));

    extension(Refusals refused)
    {
        /// <summary>Gets the exit code of the command.</summary>
        public int ExitCode => refused.Count == 0 ? Terminal.ExitCode.Done : Terminal.ExitCode.WrongInput;

        /// <summary>Tells how many of several were left out, if any were.</summary>
        /// <param name="done">The number of the others.</param>
        /// <param name="verb">What was done with them: aligned, read.</param>
        public void Summarize(int done, string verb)
        {
            string inputs = refused.Count == 1 ? "input is" : "inputs are";
            if (refused.Count > 0 && refused.Count + done > 1)
            {
                Console.Error.WriteLine($"ctc: {refused.Count} {inputs} left out, {done} {verb}.");
            }
        }
    }
}
