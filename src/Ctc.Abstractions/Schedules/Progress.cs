namespace Ctc;

/// <summary>The progress of training at the time a batch is evaluated. Schedules and warm-ups depend on it.</summary>
/// <param name="Step">Optimiser steps taken before this batch, from 0.</param>
/// <param name="Epoch">Epochs completed before this batch, with a fraction: 2.5 is the middle of the third.</param>
/// <param name="Training">False when a model is only evaluated.</param>
public readonly record struct Progress(long Step, double Epoch, bool Training)
{
    /// <summary>Gets the training that the step belongs to: its length, and how the epochs so far did on the dev set.</summary>
    /// <value>Null, the default, where nothing is trained.</value>
    public TrainingCourse? Course { get; init; }
}
