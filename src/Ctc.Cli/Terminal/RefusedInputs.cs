namespace Ctc.Cli.Terminal;

/// <summary>The inputs of a command that are left out: each is named on the standard error, and the others are read.</summary>
internal sealed class RefusedInputs
{
    private int count;

    /// <summary>Gets the exit code of the command.</summary>
    public int ExitCode => count == 0 ? Terminal.ExitCode.Done : Terminal.ExitCode.WrongInput;

    /// <summary>Names an input.</summary>
    /// <param name="sentence">What was found and what was expected.</param>
    public void Add(string sentence)
    {
        Console.Error.WriteLine($"ctc: {sentence}");
        count++;
    }

    /// <summary>Reads an input. If it is not valid, it is named.</summary>
    /// <returns>Whether it is valid.</returns>
    public bool TryRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidDataException wrong)
        {
            Add(wrong.Message);
            return false;
        }
    }

    /// <summary>Tells how many of several were left out, if any were.</summary>
    /// <param name="done">The number of the others.</param>
    /// <param name="verb">What was done with them: aligned, read.</param>
    public void Summarize(int done, string verb)
    {
        string inputs = count == 1 ? "input is" : "inputs are";
        if (count > 0 && count + done > 1) Console.Error.WriteLine($"ctc: {count} {inputs} left out, {done} {verb}.");
    }
}
