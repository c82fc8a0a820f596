using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Sweeps;

/// <summary>A message from the process of one run to its sweep.</summary>
/// <param name="Progress">The progress of the training.</param>
public sealed record RunMessage(StepProgress Progress);
