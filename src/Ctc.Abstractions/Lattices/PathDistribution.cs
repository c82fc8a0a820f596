namespace Ctc;

/// <summary>
/// The distribution over the paths of a lattice under given scores: P(π) = exp(score of π) / Z. Each quantity is computed when it is read, once.
/// </summary>
/// <remarks>
/// Quantities have a gradient where gradients are being recorded, unless stated otherwise. Their tensors belong to the dispose scope in which they
/// are first read.
/// </remarks>
public abstract class PathDistribution
{
    /// <summary>Creates the distribution over the paths of a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    protected PathDistribution(Lattice lattice) => Lattice = lattice;

    /// <summary>Gets the lattice.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets [B] ln Z in nats; −∞ with gradient 0 where there is no path.</summary>
    public abstract Tensor LogLikelihood { get; }

    /// <summary>Gets [T, B, V] the posterior share of each token in each frame; the share of a class is divided among its tokens.</summary>
    public abstract Tensor Occupancy { get; }

    /// <summary>Gets [T, B, S] the posterior share of each state in each frame; 0 in padding.</summary>
    public abstract Tensor States { get; }

    /// <summary>Gets [T, K, B, S] the posterior share of each arc, by the frame that it enters; row 0 and padding are 0.</summary>
    public abstract Tensor Arcs { get; }

    /// <summary>Gets [B] the entropy of the distribution in nats; 0 where there is no path.</summary>
    public abstract Tensor Entropy { get; }

    /// <summary>Gets the best path of each utterance, k = 1, without gradient.</summary>
    public abstract BatchPaths Best { get; }

    /// <summary>Draws paths at random, independently, each with its probability; without gradient. Needs <see cref="Needs.Draws"/>.</summary>
    /// <param name="count">k, the number of paths of each utterance; 0 or more.</param>
    /// <returns>The same paths whenever seed, step and utterance are the same.</returns>
    public abstract BatchPaths Draw(int count);
}
