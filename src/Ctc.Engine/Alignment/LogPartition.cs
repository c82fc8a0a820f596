using System.Diagnostics;
using Autograd = TorchSharp.torch.autograd;

namespace Ctc.Engine.Alignment;

/// <summary>ln Z of a batch as one node of the gradient graph. Its backward pass is the walk back over α.</summary>
/// <remarks>
/// Recording the loop instead would give the same gradients, from twenty nodes a frame. Where gradients of gradients are wanted, the backward
/// pass finds that gradients are being recorded, and walks again with operations that are: so derivatives of any order are right.
/// An exception must not leave a backward pass, for it would end the process: gradients of NaN take its place.
/// </remarks>
internal sealed class LogPartition : Autograd.SingleTensorFunction<LogPartition>
{
    // What autograd was given last. It knows the handles alone, and takes its own hold of the tensors before anything else runs on this thread;
    // until then they must not be collected.
    [ThreadStatic]
    private static Tensor?[]? handedOver;

    /// <inheritdoc/>
    public override string Name => nameof(LogPartition);

    /// <summary>Walks forward.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: what each state scores in each frame.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// [B] ln Z: −∞ with gradient 0 where no path explains the frames, and for a length of 0 a number without meaning; and [T, B, S] α without gradient.
    /// </returns>
    public static (Tensor LogZ, Tensor Alphas) Of(Lattice lattice, Tensor emissions, Tensor frames)
    {
        var walk = new Walk(lattice, frames);
        Tensor logZ = apply(emissions, lattice.Arcs.Scores, lattice.Initial, lattice.Final, walk);
        return (logZ, walk.Alphas!);
    }

    /// <summary>The walk forward alone, recorded where gradients are being recorded.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>[T, B, S] α.</returns>
    public static Tensor Alphas(Lattice lattice, Tensor emissions) => TimeLoop.Run(lattice, emissions, arcs => LogSemiring.Sum(arcs, 0));

    /// <inheritdoc/>
    public override Tensor forward(Autograd.AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var walk = (Walk)vars[^1];
        var emissions = (Tensor)vars[0];
        Lattice lattice = walk.Lattice;
        using OneThread alone = OneThread.For(emissions.device);
        walk.Alphas = Alphas(lattice, emissions).MoveToOuterDisposeScope();
        ctx.save_for_backward(walk.Pack(emissions));
        ctx.save_data(nameof(Walk), walk);
        return LogSemiring.Sum(TimeLoop.Ends(lattice, walk.Alphas, walk.Frames), 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(Autograd.AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor upstream = grad_output; // a handle made for this call
        using OneThread alone = OneThread.For(upstream.device);
        var walk = (Walk)ctx.get_data(nameof(Walk));
        foreach (Tensor? taken in handedOver ?? []) taken?.Dispose();
        try
        {
            handedOver = Gradients(walk, ctx.get_saved_variables(), upstream);
        }
        catch (Exception failure)
        {
            Trace.TraceError(failure.ToString());
            handedOver = [.. walk.Shapes.Select(shape => torch.full(shape, double.NaN, upstream.dtype, upstream.device))];
        }

        foreach (Tensor? gradient in handedOver) gradient?.MoveToOuterDisposeScope();
        return [.. handedOver.Select(gradient => gradient!), null!];
    }

    private static Tensor?[] Gradients(Walk walk, List<Tensor> saved, Tensor upstream)
    {
        (Lattice lattice, Tensor emissions, Tensor frames, Tensor alphas) = walk.Unpack(saved);
        if (torch.is_grad_enabled()) alphas = Alphas(lattice, emissions);

        // What comes in for an utterance without a path may be anything, for its ln Z is −∞; what goes out is 0.
        Tensor feasible = TimeLoop.Ends(lattice, alphas, frames).isneginf().all(1).logical_not();
        var posterior = new Posterior(lattice, frames, alphas, torch.where(feasible, upstream, torch.zeros_like(upstream)));
        bool learned = lattice.Arcs.Scores.requires_grad;
        (Tensor states, Tensor? arcs) = learned ? posterior.StatesAndArcs() : (posterior.States(), null);
        return
        [
            states,
            arcs,
            lattice.Initial.requires_grad ? states[0] : null,
            lattice.Final.requires_grad ? posterior.Last : null,
        ];
    }

    /// <summary>What goes along with one node.</summary>
    private sealed class Walk(Lattice lattice, Tensor frames)
    {
        private readonly IReadOnlyList<int>? offsets = (lattice.Arcs as BandedArcs)?.Offsets;

        /// <summary>Gets the lattice on the way forward; on the way back its owner may have disposed it.</summary>
        public Lattice Lattice => lattice;

        /// <inheritdoc cref="Lattice"/>
        public Tensor Frames => frames;

        public Tensor? Alphas { get; set; }

        /// <summary>Gets the shapes of the inputs: emissions, arc scores, initial and final scores.</summary>
        public long[][] Shapes { get; private set; } = [];

        public List<Tensor> Pack(Tensor emissions)
        {
            Shapes = [emissions.shape, lattice.Arcs.Scores.shape, lattice.Initial.shape, lattice.Final.shape];
            Tensor sources = lattice.Arcs is IndexedArcs indexed ? indexed.Sources : frames;
            return [emissions, lattice.Arcs.Scores, lattice.Initial, lattice.Final, lattice.Labels, lattice.Empty, sources, frames, Alphas!];
        }

        public (Lattice Lattice, Tensor Emissions, Tensor Frames, Tensor Alphas) Unpack(List<Tensor> saved)
        {
            Arcs arcs = offsets is null ? new IndexedArcs(saved[6], saved[1]) : new BandedArcs(offsets, saved[1]);
            return (new Lattice(saved[4], arcs, saved[2], saved[3], saved[5]), saved[0], saved[7], saved[8]);
        }
    }
}
