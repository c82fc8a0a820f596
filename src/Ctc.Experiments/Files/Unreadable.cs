namespace Ctc.Experiments.Files;

/// <summary>Says why a file cannot be read.</summary>
internal static class Unreadable
{
    /// <summary>Whether a failure is one of reading, and not of what was read.</summary>
    /// <param name="failure">An exception.</param>
    public static bool Is(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>The refusal of a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="failure">Why it was not read; of a folder the system tells that access is denied.</param>
    public static InvalidDataException File(string file, Exception failure)
    {
        string reason = Directory.Exists(file) ? "it is a folder; expected a file." : failure.Message;
        return new InvalidDataException($"{file} cannot be read: {reason}", failure);
    }
}
