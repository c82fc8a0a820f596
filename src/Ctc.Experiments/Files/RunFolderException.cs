namespace Ctc.Experiments.Files;

/// <summary>A folder of runs, or a file in it, cannot be used. The message is a sentence for the user.</summary>
/// <param name="message">Where; found; expected.</param>
public sealed class RunFolderException(string message) : CtcException(message);
