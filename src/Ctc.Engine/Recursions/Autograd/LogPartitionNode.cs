namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z of a batch as one node of the gradient graph, common to both recursions.</summary>
/// <remarks>Recording the loop over time instead would give the same gradients, from twenty nodes a frame.</remarks>
/// <typeparam name="TSelf">The node.</typeparam>
/// <typeparam name="TSaved">The data that it passes to its backward pass.</typeparam>
internal abstract class LogPartitionNode<TSelf, TSaved> : GradientNode<TSelf, TSaved>
    where TSelf : LogPartitionNode<TSelf, TSaved>, new()
    where TSaved : SavedLattice
{
    /// <summary>Creates the node, which runs its forward pass.</summary>
    /// <param name="saved">The lattice.</param>
    /// <param name="input">The first input of the node: scores or emissions.</param>
    /// <returns>[B] ln Z. Its incoming gradient may be any number where no path explains the frames.</returns>
    protected static Tensor Apply(TSaved saved, Tensor input) =>
        apply(input, saved.Lattice.Arcs.Scores, saved.Lattice.Initial, saved.Lattice.Final, saved);
}
