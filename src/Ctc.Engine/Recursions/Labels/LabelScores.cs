using Ctc.Engine.Frames;

namespace Ctc.Engine.Recursions.Labels;

/// <summary>What the labels of a batch of lattices read in each frame, and the same lattices with these numbers as their tokens.</summary>
/// <remarks>
/// A recursion then reads tokens only. By torch operations: joined to the gradients of scores and of weights of classes, with derivatives of any
/// order.
/// </remarks>
internal sealed class LabelScores
{
    private readonly Tensor labels, mask;
    private readonly long tokens;
    private readonly ClassScores classes;

    private LabelScores(Lattice lattice, Tensor scores, Tensor mask, Tensor labels, Tensor places)
    {
        (this.labels, this.mask, tokens) = (labels, mask, scores.shape[2]);
        Tensor valid = FrameMask.Valid(scores, mask);
        classes = new ClassScores(lattice.Classes!, valid);
        Lattice = new Lattice(places, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty) { Positions = lattice.Positions };
        Scores = torch.cat([valid, classes.Scores], 2).gather(2, OfFrames(labels));
    }

    /// <summary>Gets the lattices. Their labels are places in <see cref="Scores"/>, and no classes.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets [T, B, R] what each label of an utterance reads; R is the number of labels of the utterance that has most.</summary>
    public Tensor Scores { get; }

    /// <summary>Reads the labels of lattices with classes.</summary>
    /// <param name="lattice">With classes, of the type and on the device of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths.</param>
    public static LabelScores Create(Lattice lattice, Tensor scores, Tensor frames)
    {
        (Tensor labels, Tensor places) = DistinctLabels.Find(lattice.Labels);
        return new LabelScores(lattice, scores, FrameMask.Create(frames, scores.shape[0]), labels, places);
    }

    /// <summary>Reads the labels if the lattices have classes.</summary>
    /// <inheritdoc cref="Create"/>
    /// <returns>The scores; null without classes.</returns>
    public static LabelScores? CreateIfClasses(Lattice lattice, Tensor scores, Tensor frames) =>
        lattice.Classes is null ? null : Create(lattice, scores, frames);

    /// <summary>Divides masses of labels among tokens, those of a class in proportion. Differentiable if gradients are being recorded.</summary>
    /// <param name="byLabel">[T, B, R].</param>
    /// <returns>[T, B, V].</returns>
    public Tensor ByToken(Tensor byLabel)
    {
        long[] shape = [byLabel.shape[0], byLabel.shape[1], tokens + classes.Scores.shape[2]];
        Tensor sums = torch.zeros(shape, byLabel.dtype, byLabel.device).scatter_add(2, OfFrames(labels), byLabel);
        Tensor divided = classes.Divide(sums.narrow(2, tokens, shape[2] - tokens)).OfTokens;
        return sums.narrow(2, 0, tokens) + FrameMask.Valid(divided, mask);
    }

    /// <summary>Replaces the classes that paths read by their best tokens, without gradient.</summary>
    /// <param name="ofPaths">[k, T, B] labels of type int64; −1 where there is none.</param>
    /// <returns>[k, T, B] tokens: of the highest score plus weight in the frame, the lowest among equals.</returns>
    public Tensor FindBestTokens(Tensor ofPaths) => ReplaceClasses(ofPaths, classes.FindBestTokens);

    /// <summary>Replaces the classes that paths read by tokens of theirs, each drawn with its share, without gradient.</summary>
    /// <param name="ofPaths">[k, T, B] labels of type int64; −1 where there is none.</param>
    /// <param name="chances">[k, T, B] in [0, 1), of type float64.</param>
    /// <returns>[k, T, B] tokens.</returns>
    public Tensor DrawTokens(Tensor ofPaths, Tensor chances) => ReplaceClasses(ofPaths, read => classes.DrawTokens(read, chances));

    private Tensor ReplaceClasses(Tensor ofPaths, Func<Tensor, Tensor> choose)
    {
        Tensor isClass = ofPaths >= tokens;
        return isClass.any().item<bool>() ? torch.where(isClass, choose((ofPaths - tokens).clamp(min: 0)), ofPaths) : ofPaths;
    }

    private Tensor OfFrames(Tensor byUtterance) => byUtterance.unsqueeze(0).expand(mask.shape[0], -1, -1);
}
