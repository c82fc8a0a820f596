namespace Ctc.Cli.Commands.Loss;

/// <summary>The answer to one request.</summary>
/// <param name="Json">One JSON object in UTF-8, in one line: what was asked for, or <c>{"error": one sentence}</c>.</param>
/// <param name="Failure">
/// What went wrong: an <see cref="InvalidDataException"/> or <see cref="Ctc.Engine.Objectives.InfeasibleException"/> where the request is wrong,
/// another error where the computation failed. Null where all is well.
/// </param>
public sealed record LossLine(ReadOnlyMemory<byte> Json, Exception? Failure);
