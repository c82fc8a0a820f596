namespace Ctc.Configuration.Yaml;

/// <summary>An experiment's file or an override is not what it should be. The message is one sentence for the user.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Says where, what was found, and what was expected.</summary>
    /// <param name="location">Where; the message starts with it.</param>
    /// <param name="message">What was found, and what was expected.</param>
    /// <param name="cause">The error behind it.</param>
    public ConfigurationException(YamlLocation location, string message, Exception? cause = null)
        : base($"{location}: {message}", cause)
    {
        Location = location;
    }

    /// <summary>Gets where the fault lies.</summary>
    public YamlLocation Location { get; }
}
