using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Training;

/// <summary>Statistics of a model's output and of its alignments over a set, which variants of CTC change apart from the error rate.</summary>
/// <remarks>
/// Blank share and entropy identify peaky models: Zeyer, Schlüter and Ney, "Why does CTC result in peaky behavior?", 2021, arXiv 2105.14849. The
/// entropy of the alignment is that of Liu, Jin and Zhang, NeurIPS 2018.
/// </remarks>
internal sealed class Diagnostics
{
    private double frames, blanks, surprise, alignedFrames, undecided, delay;
    private long symbols;

    /// <inheritdoc cref="EpochMetrics.BlankShare"/>
    public double BlankShare => blanks / frames;

    /// <inheritdoc cref="EpochMetrics.PosteriorEntropy"/>
    public double PosteriorEntropy => surprise / frames;

    /// <inheritdoc cref="EpochMetrics.AlignmentEntropy"/>
    public double AlignmentEntropy => undecided / alignedFrames;

    /// <inheritdoc cref="EpochMetrics.SymbolDelay"/>
    public double SymbolDelay => delay / symbols;

    /// <summary>Adds a batch.</summary>
    /// <param name="evaluation">With its lattice.</param>
    public void Add(BatchEvaluation evaluation)
    {
        (Batch batch, Tensor y) = (evaluation.Batch, evaluation.LogProbs);
        frames += batch.Frames.Sum();
        surprise -= evaluation.SumFrames(Evaluation.Expectation(y.exp(), y)).sum().ToDouble();
        using Scalar blank = batch.Blank ?? -1;
        blanks += batch.Blank is null ? double.NaN : y.argmax(2).eq(blank).logical_and(evaluation.Mask).sum().ToDouble();
        undecided += evaluation.Entropy.sum().ToDouble();
        alignedFrames += batch.Frames.Where((_, b) => !evaluation.Infeasible.Contains(b)).Sum();
    }

    /// <summary>Adds a batch of a transducer, whose posteriors are of no frame alone: only the entropy of its alignments is known.</summary>
    /// <param name="evaluation">With its alignments.</param>
    public void Add(TransducerEvaluation evaluation)
    {
        frames = blanks = surprise = double.NaN;
        undecided += evaluation.Entropy.sum().ToDouble();
        alignedFrames += evaluation.Batch.Frames.Where((_, b) => !evaluation.Infeasible.Contains(b)).Sum();
    }

    /// <summary>Adds the delays of an utterance's tokens.</summary>
    /// <param name="found">In output frames.</param>
    /// <param name="truth">In input frames.</param>
    /// <param name="inputFrames">The number of input frames per output frame.</param>
    public void Add(IReadOnlyList<FrameSpan> found, IReadOnlyList<FrameInterval> truth, double inputFrames)
    {
        symbols += found.Count;
        delay += found.Zip(truth, (there, here) => there.Start - (here.Start / inputFrames)).Sum();
    }
}
