namespace Ctc.Engine.Objectives;

/// <summary>An objective on a stream of the encoder, beside the objective on its logits. Its loss is added with a weight.</summary>
/// <param name="stream">The name of a stream of logits.</param>
/// <param name="parts">The parts of the head; its topology reads the vocabulary of the batch. Disposed with the objective.</param>
/// <param name="weight">The factor on its loss, 0 or more.</param>
public sealed class ObjectiveHead(string stream, ObjectiveParts parts, Schedule weight)
{
    /// <summary>Returns the names of heads: those of their streams; the second head on one stream ends in -2.</summary>
    /// <param name="streams">The streams of the heads, in their order.</param>
    public static IEnumerable<string> Names(IEnumerable<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var used = new Dictionary<string, int>();
        foreach (string stream in streams)
        {
            int count = used[stream] = used.GetValueOrDefault(stream) + 1;
            yield return count == 1 ? stream : $"{stream}-{count}";
        }
    }

    /// <summary>Gets the name of the stream.</summary>
    public string Stream { get; } = stream;

    /// <summary>Gets the parts.</summary>
    public ObjectiveParts Parts { get; } = parts;

    /// <summary>Gets the factor on its loss.</summary>
    public Schedule Weight { get; } = weight;
}
