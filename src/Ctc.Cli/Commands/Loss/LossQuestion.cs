using System.Text.Json;

namespace Ctc.Cli.Commands.Loss;

/// <summary>One JSON object of the input: a request, or the reason why it is none.</summary>
internal sealed class LossQuestion : IDisposable
{
    /// <summary>Gets the parsed text, which the values of learned scores refer to; null if there is no request.</summary>
    public JsonDocument? Document { get; init; }

    /// <summary>Gets the request; null if the object is none.</summary>
    public LossRequest? Request { get; init; }

    /// <summary>Gets the reason why the object is no request; null if it is one.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Gets the file and the line, for a warning; empty if there is no request.</summary>
    public string Place { get; init; } = "";

    /// <summary>An object that is no request.</summary>
    /// <param name="failure">The reason.</param>
    public static LossQuestion Invalid(Exception failure) => new() { Failure = failure };

    public void Dispose() => Document?.Dispose();
}
