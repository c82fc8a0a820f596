using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>What aligns targets: an objective, or one of its heads.</summary>
/// <param name="objective">No transducer.</param>
/// <param name="head">The name of a head; null for the objective itself.</param>
internal sealed class AligningObjective(Objective objective, string? head = null)
{
    /// <summary>Gets the stream that is read; null for the logits.</summary>
    public string? Stream { get; } = head is null ? null : objective.HeadsByName[head].Stream;

    /// <summary>Gets the topology.</summary>
    public ITopology Topology => head is null ? objective.Topology : objective.HeadsByName[head].Parts.Topology;

    /// <summary>Gets whether lattice transforms may change what the topology allows; by default not.</summary>
    public bool HasLatticeTransforms { get; init; }

    /// <summary>The quantities of a batch.</summary>
    /// <param name="output">The output of the encoder, with the stream.</param>
    /// <param name="batch">Targets and lengths of the logits.</param>
    public BatchEvaluation Inspect(EncoderOutput output, Batch batch) =>
        head is null ? objective.Inspect(output, batch) : objective.InspectHead(head, output, batch);

    /// <inheritdoc cref="Inspect(EncoderOutput, Batch)"/>
    /// <param name="read">[T, B, V] the stream, or the logits if there is none.</param>
    /// <param name="batch">Targets, and lengths of what is read.</param>
    public BatchEvaluation Inspect(Tensor read, Batch batch) => Inspect(Output(read), batch);

    /// <summary>The scores of frames, after the emission transforms.</summary>
    /// <inheritdoc cref="Inspect(Tensor, Batch)"/>
    public Tensor ScoreFrames(Tensor read, Batch batch) => objective.ScoreFrames(Output(read), batch, head);

    private EncoderOutput Output(Tensor read) =>
        Stream is null ? new EncoderOutput(read) : new EncoderOutput(read) { Streams = new Dictionary<string, Tensor> { [Stream] = read } };
}
