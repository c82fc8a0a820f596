namespace Ctc;

/// <summary>Extension point: changes what the lattice reads, as a label prior or a temperature does.</summary>
public interface IEmissionTransform : IPart
{
    /// <summary>Turns scores into other scores. They need not stay normalised.</summary>
    /// <param name="scores">[T, B, V] log-probabilities in nats, or what the transform before this one made of them.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>[T, B, V] scores in nats. Padding frames may hold anything.</returns>
    Tensor Transform(Tensor scores, Batch batch);
}
