using System.Text.Json;
using System.Text.Json.Serialization;
using Ctc.Configuration.Json;

namespace Ctc.Experiments.Files;

/// <summary>The JSON of runs: snake_case keys; numbers that are not finite as strings; no required value may be missing.</summary>
public static class RunJson
{
    /// <summary>Gets the format of one line.</summary>
    public static JsonSerializerOptions Line { get; } = new(JsonForm.SnakeCase)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Gets the same format, indented.</summary>
    public static JsonSerializerOptions Page { get; } = new(Line) { WriteIndented = true };

    /// <summary>Loads a file.</summary>
    /// <typeparam name="T">The type of the object.</typeparam>
    /// <param name="file">A file with one object.</param>
    /// <param name="expected">The expected content, for messages.</param>
    /// <returns>The object.</returns>
    /// <exception cref="RunFolderException">It cannot be read, or is something else.</exception>
    public static T Load<T>(string file, string expected)
    {
        try
        {
            return Parse<T>(File.ReadAllText(file), file, expected);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refusal(file, error, expected);
        }
    }

    /// <summary>Parses a text. Null is refused too.</summary>
    /// <typeparam name="T">The type of the object.</typeparam>
    /// <param name="text">A text with one object.</param>
    /// <param name="where">The file or line, for messages.</param>
    /// <param name="expected">The expected content, for messages.</param>
    /// <returns>The object.</returns>
    /// <exception cref="RunFolderException">It is something else.</exception>
    public static T Parse<T>(string text, string where, string expected)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Line) ?? throw new JsonException("there is nothing");
        }
        catch (JsonException error)
        {
            throw Refusal(where, error, expected);
        }
    }

    private static RunFolderException Refusal(string where, Exception error, string expected) =>
        new($"{where}: {error.Message.TrimEnd('.')}; expected {expected}.");
}
