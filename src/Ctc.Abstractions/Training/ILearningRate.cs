namespace Ctc;

/// <summary>
/// Implemented by a module whose parameters need another learning rate than the rest: a part of an objective, or a layer of an encoder.
/// </summary>
/// <remarks>Learned scores move by about the learning rate in each step of Adam, whatever the size of their gradient.</remarks>
public interface ILearningRate
{
    /// <summary>Gets the factor on the learning rate of all parameters of the module; factors of modules within each other multiply.</summary>
    /// <value>Above 0. It does not change during training.</value>
    double Factor { get; }
}
