namespace Ctc.Hosting;

/// <summary>A plugin or a part cannot be used. The message is a sentence for the user and names the root cause.</summary>
public sealed class PluginException : CtcException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">Where; found; expected.</param>
    /// <param name="cause">The cause, if there is one.</param>
    public PluginException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Gets the name of the part that was not found; null for any other cause.</summary>
    internal string? MissingPart { get; init; }
}
