namespace Ctc.Experiments.Training;

/// <summary>The files that a training writes, and from which it resumes.</summary>
/// <param name="LastCheckpoint">The state after the last epoch.</param>
/// <param name="BestCheckpoint">The state after the best epoch by the dev set.</param>
/// <param name="Metrics">One line for each epoch.</param>
/// <param name="Events">The same numbers for TensorBoard.</param>
internal sealed record TrainingFiles(string LastCheckpoint, string BestCheckpoint, string Metrics, string Events);
