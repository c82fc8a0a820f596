using Ctc.Engine.Frames;

namespace Ctc.Engine.Recursions.Labels;

/// <summary>
/// What labels read, by torch operations: joined to the gradients of scores and of weights of classes, with derivatives of any order.
/// </summary>
/// <param name="labels">[B, R], as of <see cref="DistinctLabels"/>.</param>
/// <param name="classes">Of the lattices, of the type and on the device of the scores; null without classes.</param>
/// <param name="scores">[T, B, V]; padding may hold anything.</param>
/// <param name="frames">[B] lengths.</param>
/// <param name="logits">Whether the log-softmax of the scores is read.</param>
internal sealed class LabelDefinition(Tensor labels, TokenClasses? classes, Tensor scores, Tensor frames, bool logits)
{
    // As computed by Read, in the dispose scope of the scores that it returns; by others for each call.
    private (Tensor Valid, ClassScores? OfClasses)? kept;

    /// <summary>Gets [B, R] the labels.</summary>
    public Tensor Labels => labels;

    /// <summary>Gets the classes; null without classes.</summary>
    public TokenClasses? Classes => classes;

    /// <summary>Gets [T, B, V] the scores as they are given.</summary>
    public Tensor Given => scores;

    /// <summary>Gets [B] the lengths.</summary>
    public Tensor Frames => frames;

    /// <summary>Gets whether the scores are logits.</summary>
    public bool AreLogits => logits;

    private long Tokens => scores.shape[2];

    private Tensor Mask => FrameMask.Create(frames, scores.shape[0]);

    /// <summary>Reads the labels.</summary>
    /// <returns>[T, B, R].</returns>
    public Tensor Read()
    {
        kept = Compute();
        (Tensor valid, ClassScores? ofClasses) = kept.Value;
        return (ofClasses is null ? valid : torch.cat([valid, ofClasses.Scores], 2)).gather(2, OfFrames(labels));
    }

    /// <summary>Divides amounts of labels among tokens, those of a class in proportion.</summary>
    /// <param name="byLabel">[T, B, R], 0 in padding.</param>
    /// <param name="throughSoftmax">Whether the amounts are gradients, which a log-softmax takes back to its logits.</param>
    /// <returns>[T, B, V] by token; and by weight of classes, [B, C] of the rest and [B, C, K] of the listed tokens, null without classes.</returns>
    public (Tensor OfTokens, Tensor? OfRest, Tensor? OfListed) Divide(Tensor byLabel, bool throughSoftmax = false)
    {
        (Tensor valid, ClassScores? ofClasses) = kept ?? Compute();
        long[] shape = [byLabel.shape[0], byLabel.shape[1], Tokens + (classes?.Count ?? 0)];
        Tensor sums = torch.zeros(shape, byLabel.dtype, byLabel.device).scatter_add(2, OfFrames(labels), byLabel);
        (Tensor tokens, Tensor? ofRest, Tensor? ofListed) = (sums.narrow(2, 0, Tokens), null, null);
        if (ofClasses is not null)
        {
            (Tensor divided, ofRest, ofListed) = ofClasses.Divide(sums.narrow(2, Tokens, shape[2] - Tokens));
            tokens = tokens.Plus(divided);
        }

        if (throughSoftmax && logits) tokens = tokens - (valid.exp() * tokens.sum(2, keepdim: true));
        return (tokens, ofRest, ofListed);
    }

    /// <summary>Replaces the classes that paths read.</summary>
    /// <param name="ofPaths">[k, T, B] labels of type int64; −1 where there is none.</param>
    /// <param name="choose">Chooses tokens of classes, [k, T, B].</param>
    /// <returns>[k, T, B] tokens.</returns>
    public Tensor ReplaceClasses(Tensor ofPaths, Func<ClassScores, Tensor, Tensor> choose)
    {
        using Scalar first = Tokens;
        Tensor isClass = ofPaths.ge(first);
        if (!isClass.any().item<bool>()) return ofPaths;
        ClassScores ofClasses = (kept ?? Compute()).OfClasses!;
        return torch.where(isClass, choose(ofClasses, ofPaths.sub(first).clamp(min: Scalars.Zero)), ofPaths);
    }

    // Log-probabilities, or scores that are 0 in padding; and what the classes read of them.
    private (Tensor Valid, ClassScores? OfClasses) Compute()
    {
        Tensor mask = FrameMask.Create(frames, scores.shape[0]);
        Tensor valid = logits ? FrameMask.LogSoftmax(scores, mask) : FrameMask.Valid(scores, mask);
        return (valid, classes is null ? null : new ClassScores(classes, valid));
    }

    private Tensor OfFrames(Tensor byUtterance) => byUtterance.unsqueeze(0).expand(scores.shape[0], -1, -1);
}
