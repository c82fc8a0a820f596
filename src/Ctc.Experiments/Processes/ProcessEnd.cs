namespace Ctc.Experiments.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Error">Its standard error; empty if the exit code is 0.</param>
public sealed record ProcessEnd(int Code, string Error)
{
    private const string Own = "ctc: ";

    /// <summary>Gets the signal that ended it; null if none did.</summary>
    public int? Signal => Code > 128 ? Code - 128 : null;

    /// <summary>Gets the error message of the command; null if it printed none.</summary>
    public string? Sentence => Array.FindLast(Lines, line => line.StartsWith(Own, StringComparison.Ordinal))?[Own.Length..];

    /// <summary>
    /// Gets the first line of its standard error, such as that of the runtime at a crash, without warnings of libtorch; null if there is none.
    /// </summary>
    public string? FirstLine => Array.Find(Lines, line => !line.StartsWith("[W", StringComparison.Ordinal));

    private string[] Lines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
