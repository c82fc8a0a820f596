namespace Ctc.Engine.Objectives;

/// <summary>An objective on a stream of the encoder, beside the objective on its logits. Its loss is added with a weight.</summary>
/// <param name="stream">The name of a stream of logits.</param>
/// <param name="parts">The parts of the head; its topology reads the vocabulary of the batch. Disposed with the objective.</param>
/// <param name="weight">The factor on its loss, 0 or more.</param>
public sealed class ObjectiveHead(string stream, ObjectiveParts parts, Schedule weight)
{
    /// <summary>Gets the name of the stream.</summary>
    public string Stream { get; } = stream;

    /// <summary>Gets the parts.</summary>
    public ObjectiveParts Parts { get; } = parts;

    /// <summary>Gets the factor on its loss.</summary>
    public Schedule Weight { get; } = weight;
}
