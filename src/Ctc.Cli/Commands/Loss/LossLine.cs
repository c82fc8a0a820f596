namespace Ctc.Cli.Commands.Loss;

/// <summary>The answer to one request.</summary>
/// <param name="Json">One JSON object in UTF-8, on one line: the requested outputs, or <c>{"error": one sentence}</c>.</param>
/// <param name="Failure">
/// The failure: an <see cref="InvalidDataException"/> or <see cref="Ctc.Engine.Objectives.InfeasibleException"/> if the request is invalid,
/// another exception if the computation failed. Null on success.
/// </param>
public sealed record LossLine(ReadOnlyMemory<byte> Json, Exception? Failure)
{
    /// <summary>Gets what is probably wrong although the request was answered.</summary>
    /// <value>One sentence; null if nothing is.</value>
    public string? Warning { get; init; }
}
