namespace Ctc.Engine.Objectives;

/// <summary>A part of an objective failed. The message names the part and the cause.</summary>
public sealed class PartException : CtcException
{
    /// <summary>Creates an exception for an error inside a part.</summary>
    /// <param name="part">The name of the part.</param>
    /// <param name="cause">The error.</param>
    public PartException(string part, Exception cause)
        : base($"The part '{part}' failed: {Sentence(cause)}", cause) => Part = part;

    /// <summary>Creates an exception for a rule that a part breaks.</summary>
    /// <param name="part">The name of the part.</param>
    /// <param name="fault">Found; expected.</param>
    public PartException(string part, string fault)
        : base($"The part '{part}' failed: {fault}.") => Part = part;

    /// <summary>Gets the name of the part.</summary>
    public string Part { get; }

    // Libtorch's own stack follows its sentence.
    private static string Sentence(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        string message = (cause.InnerException is CtcException inner ? inner : cause).Message.ReplaceLineEndings(" ");
        int stack = message.IndexOf(" Exception raised from", StringComparison.Ordinal);
        return (stack < 0 ? message : message[..stack]).Trim();
    }
}
