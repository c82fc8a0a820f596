namespace Ctc.Experiments;

/// <summary>What a process of this program left when it ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Error">What it wrote to standard error; empty where the exit code is 0.</param>
public sealed record ProcessEnd(int Code, string Error)
{
    private const string Own = "ctc: ";

    /// <summary>Gets the signal that ended it; null where none did.</summary>
    public int? Signal => Code > 128 ? Code - 128 : null;

    /// <summary>Gets the sentence with which the command refuses or gives up; null where it said none.</summary>
    public string? Sentence => Array.FindLast(Lines, line => line.StartsWith(Own, StringComparison.Ordinal))?[Own.Length..];

    /// <summary>Gets the first line that anybody in it wrote, such as the runtime of a crash, warnings of libtorch left out; null where there is none.</summary>
    public string? FirstLine => Array.Find(Lines, line => !line.StartsWith("[W", StringComparison.Ordinal));

    private string[] Lines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
