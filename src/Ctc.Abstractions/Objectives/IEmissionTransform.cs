namespace Ctc;

/// <summary>Extension point: changes the scores that the lattice reads, for example by a label prior or a temperature.</summary>
public interface IEmissionTransform : IPart
{
    /// <summary>Transforms the scores. The result need not be normalised.</summary>
    /// <param name="scores">[T, B, V] log-probabilities in nats, or the result of the transform before this one.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>[T, B, V] scores in nats. Padding frames may hold anything.</returns>
    Tensor Transform(Tensor scores, Batch batch);
}
