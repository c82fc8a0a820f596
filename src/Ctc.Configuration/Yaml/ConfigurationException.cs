namespace Ctc.Configuration.Yaml;

/// <summary>An experiment's file or an override is wrong. The message is one sentence for the user.</summary>
public sealed class ConfigurationException : CtcException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="location">Where; the message starts with it.</param>
    /// <param name="message">What was found, and what was expected.</param>
    /// <param name="cause">The cause, if there is one.</param>
    public ConfigurationException(YamlLocation location, string message, Exception? cause = null)
        : base($"{location}: {message}", cause)
    {
        Location = location;
    }

    /// <summary>Gets the position of the fault.</summary>
    public YamlLocation Location { get; }
}
