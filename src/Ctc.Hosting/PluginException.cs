namespace Ctc.Hosting;

/// <summary>A plugin or a part cannot be used. The message is a sentence for the user and names the root cause.</summary>
public sealed class PluginException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="cause">The error behind it.</param>
    public PluginException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
