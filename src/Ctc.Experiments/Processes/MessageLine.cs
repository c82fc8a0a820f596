using System.Text.Json;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Processes;

/// <summary>The protocol between a process and its child: messages of one line each, a sign and then a JSON object.</summary>
/// <remarks>The sign separates messages from other output on the same stream, such as that of a plugin or of a native library.</remarks>
public static class MessageLine
{
    private const string Sign = "ctc-message ";

    /// <summary>Formats a message.</summary>
    /// <typeparam name="T">A record that JSON can hold.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>One line, without a line break.</returns>
    public static string Format<T>(T message)
        where T : class => Sign + JsonSerializer.Serialize(message, RunJson.Line);

    /// <summary>Parses a line.</summary>
    /// <typeparam name="T">The kind of message that is expected.</typeparam>
    /// <param name="line">A line of output or input; null at its end.</param>
    /// <returns>The message; null if the line is none of that kind.</returns>
    public static T? Parse<T>(string? line)
        where T : class
    {
        if (line is null || !line.StartsWith(Sign, StringComparison.Ordinal)) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(line[Sign.Length..], RunJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a message to a stream that others may write to: it starts a line of its own.</summary>
    /// <typeparam name="T">A record that JSON can hold.</typeparam>
    /// <param name="output">The standard output of a child process.</param>
    /// <param name="message">The message.</param>
    public static void Write<T>(TextWriter output, T message)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write($"\n{Format(message)}\n");
    }
}
