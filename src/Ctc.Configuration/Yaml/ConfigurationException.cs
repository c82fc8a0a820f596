namespace Ctc.Configuration.Yaml;

/// <summary>The file of an experiment or an override is invalid. The message is one sentence for the user.</summary>
public sealed class ConfigurationException : CtcException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="location">The position of the error, at the start of the message.</param>
    /// <param name="message">The value found and the value expected.</param>
    /// <param name="cause">The cause, if there is one.</param>
    public ConfigurationException(YamlLocation location, string message, Exception? cause = null)
        : base($"{location}: {message}", cause)
    {
        Location = location;
    }

    /// <summary>Gets the position of the error.</summary>
    public YamlLocation Location { get; }
}
