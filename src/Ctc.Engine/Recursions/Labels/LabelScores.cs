using Ctc.Engine.Recursions.Fused.Labels;

namespace Ctc.Engine.Recursions.Labels;

/// <summary>What the labels of a batch of lattices read in each frame, and the same lattices with the places of these numbers as labels.</summary>
/// <remarks>
/// So a recursion reads tokens only, and scores only: classes of tokens and logits are read here. The fused way is one node of the gradient graph;
/// the other one, of torch operations, is its definition, and gives it second derivatives.
/// </remarks>
internal sealed class LabelScores
{
    private readonly LabelDefinition definition;
    private readonly FusedLabels? fused;

    private LabelScores(Lattice lattice, LabelDefinition definition, Tensor scores, FusedLabels? fused) =>
        (Lattice, this.definition, Scores, this.fused) = (lattice, definition, scores, fused);

    /// <summary>Gets the lattices. Their labels are places in <see cref="Scores"/>; they have no classes.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets [T, B, R] what each label of an utterance reads; R is the number of labels of the utterance that has most.</summary>
    public Tensor Scores { get; }

    /// <summary>Reads the labels of lattices.</summary>
    /// <param name="lattice">Of the type and on the device of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="byFusedCode">Whether by the code over CPU memory; otherwise by torch operations.</param>
    /// <param name="logits">Whether the scores are logits, of which the log-softmax is read.</param>
    public static LabelScores Create(Lattice lattice, Tensor scores, Tensor frames, bool byFusedCode, bool logits = false)
    {
        (Tensor labels, Tensor places) = DistinctLabels.Find(lattice.Labels, scores.shape[2] + (lattice.Classes?.Count ?? 0));
        Lattice read = new(places, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty) { Positions = lattice.Positions };
        var definition = new LabelDefinition(labels, lattice.Classes, scores, frames, logits);
        if (!byFusedCode) return new LabelScores(read, definition, definition.Read(), null);
        var fused = FusedLabels.Create(labels, lattice.Classes, scores, frames, logits);
        return new LabelScores(read, definition, LabelNode.Read(definition, fused), fused);
    }

    /// <summary>Reads the labels if the lattices have classes.</summary>
    /// <inheritdoc cref="Create"/>
    /// <returns>The scores; null without classes.</returns>
    public static LabelScores? CreateIfClasses(Lattice lattice, Tensor scores, Tensor frames, bool byFusedCode) =>
        lattice.Classes is null ? null : Create(lattice, scores, frames, byFusedCode);

    /// <summary>Divides masses of labels among tokens, those of a class in proportion.</summary>
    /// <param name="byLabel">[T, B, R].</param>
    /// <param name="recorded">Whether the result has a gradient.</param>
    /// <returns>[T, B, V].</returns>
    public Tensor ByToken(Tensor byLabel, bool recorded) => fused is null || recorded
        ? definition.Divide(byLabel).OfTokens
        : fused.ByToken(definition.Given.contiguous(), byLabel.contiguous(), throughSoftmax: false);

    /// <summary>Replaces the classes that paths read by their best tokens, without gradient.</summary>
    /// <param name="ofPaths">[k, T, B] labels of type int64; −1 where there is none.</param>
    /// <returns>[k, T, B] tokens: of the highest score plus weight in the frame, the lowest among equals.</returns>
    public Tensor FindBestTokens(Tensor ofPaths) => definition.ReplaceClasses(ofPaths, (classes, read) => classes.FindBestTokens(read));

    /// <summary>Replaces the classes that paths read by tokens of theirs, each drawn with its share, without gradient.</summary>
    /// <param name="ofPaths">[k, T, B] labels of type int64; −1 where there is none.</param>
    /// <param name="chances">[k, T, B] in [0, 1), of type float64.</param>
    /// <returns>[k, T, B] tokens.</returns>
    public Tensor DrawTokens(Tensor ofPaths, Tensor chances) =>
        definition.ReplaceClasses(ofPaths, (classes, read) => classes.DrawTokens(read, chances));
}
