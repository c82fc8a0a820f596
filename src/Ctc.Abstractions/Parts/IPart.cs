namespace Ctc;

/// <summary>
/// A component that a plugin exports and an experiment selects by name: one idea, at one extension point. Export it with <see cref="PartAttribute"/>.
/// </summary>
/// <remarks>
/// A part takes its options record as the only argument of its constructor, or none. Its tensors belong to the caller's dispose
/// scope; it never disposes an argument, never writes into one, and never calls anything that ends the scope.
/// </remarks>
public interface IPart;
