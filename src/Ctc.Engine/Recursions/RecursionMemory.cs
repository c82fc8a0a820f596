using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions;

/// <summary>The memory that a recursion needs on the CPU, as an upper estimate from the sizes of a batch, and the check against a limit.</summary>
/// <remarks>
/// The numbers of states and frames are multiplied, so a few kilobytes of input may require gigabytes. Without the check the allocation would fail in
/// the middle of a pass, or the system would end the process.
/// </remarks>
internal sealed class RecursionMemory
{
    // Per state and frame. α and the emissions, each a mantissa and an exponent, or a token's score for each of two states.
    private const double FusedBytes = 4 * sizeof(double);

    // Per state and frame, in numbers of the type of the scores: emissions, α and masses, each frame by frame and as one tensor, and gradients.
    private const double DifferentiableNumbers = 8;

    // The same where every operation is recorded, per arc too.
    private const double RecordedNumbers = 16;

    // Per frame, class, and token that a class of the utterance lists.
    private const double NumbersOfTerm = 4;

    private readonly Lattice lattice;
    private readonly Tensor scores;
    private readonly long longest, limit;

    /// <param name="lattice">The lattice of the recursion.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    /// <param name="limit">In bytes; by default the memory of the machine, or that of its container.</param>
    public RecursionMemory(Lattice lattice, Tensor scores, Tensor frames, long? limit = null)
    {
        (this.lattice, this.scores) = (lattice, scores);
        longest = frames.numel() == 0 ? 0 : frames.max().item<long>();
        this.limit = limit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    private long Utterances => scores.shape[1];

    private long States => lattice.Labels.shape[1];

    private long Slots => lattice.Arcs.Scores.shape[^3];

    private double Number => scores.dtype == torch.float64 ? sizeof(double) : sizeof(float);

    // The differentiable recursion computes padding too.
    private double PaddedCells => (double)scores.shape[0] * Utterances * States;

    /// <summary>Checks the fused recursion.</summary>
    /// <param name="posterior">Whether α of all frames is kept for a backward pass.</param>
    /// <param name="covariances">Whether the mean values of paths are kept too.</param>
    /// <exception cref="LatticeTooLargeException">The limit is exceeded.</exception>
    public void CheckFused(bool posterior, bool covariances = false)
    {
        double ofFrame = States * (FusedBytes + (covariances ? sizeof(double) : 0));
        FrameBlocks held = posterior ? FrameBlocks.For((int)longest, ofFrame, ofFrame) : FrameBlocks.Two;
        double ofThread = ((double)held.Rows + held.Checkpoints) * ofFrame;
        if (held.Checkpoints > 0) ofThread = Math.Max(ofThread, FrameBlocks.Limit); // what a pass holds in full is less than this estimate of it
        double occupancies = posterior ? (double)longest * Utterances * Math.Min(States, scores.shape[2]) * Number : 0;
        // .NET's arrays have fewer than 2^31 elements.
        double largest = ofThread * 2 / FusedBytes >= Array.MaxLength ? double.PositiveInfinity : 0;
        Check("The fused recursion", Math.Max((Math.Min(torch.get_num_threads(), Utterances) * ofThread) + occupancies, largest));
    }

    /// <summary>Checks the differentiable recursion.</summary>
    /// <param name="recorded">Whether the gradient flows through its operations, and not through one node.</param>
    /// <exception cref="LatticeTooLargeException">The limit is exceeded.</exception>
    public void CheckDifferentiable(bool recorded)
    {
        if (scores.device.type != DeviceType.CPU) return; // an allocation that fails on a GPU is an exception already
        double timed = lattice.Arcs.Scores.dim() == 4 ? 2 * Slots : 0, each = DifferentiableNumbers + timed;
        if (recorded) each += RecordedNumbers * (Slots + 1);
        Check(recorded ? "The differentiable recursion, recorded for a gradient," : "The differentiable recursion", PaddedCells * each * Number);
    }

    /// <summary>Checks the scores of classes by torch operations.</summary>
    /// <exception cref="LatticeTooLargeException">The limit is exceeded.</exception>
    public void CheckClasses()
    {
        if (scores.device.type != DeviceType.CPU || lattice.Classes is not { } classes) return;
        double terms = Math.Min(scores.shape[2], (double)classes.Count * classes.Tokens.shape[2]) + 1;
        Check("The computation of classes of tokens", scores.shape[0] * Utterances * classes.Count * terms * NumbersOfTerm * Number);
    }

    private void Check(string what, double bytes)
    {
        if (bytes <= limit) return;
        throw new LatticeTooLargeException(what, longest, Utterances, States, Slots, bytes, limit);
    }
}
