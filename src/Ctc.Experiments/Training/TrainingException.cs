namespace Ctc.Experiments.Training;

/// <summary>A training cannot continue. The message is a sentence for the user.</summary>
/// <param name="message">Where; found; expected.</param>
public sealed class TrainingException(string message) : CtcException(message);
