namespace Ctc;

/// <summary>How far training has come when a batch is evaluated. Schedules and warm-ups read it.</summary>
/// <param name="Step">Optimiser steps taken before this batch, from 0.</param>
/// <param name="Epoch">Epochs passed before this batch, with its fraction: 2.5 is the middle of the third.</param>
/// <param name="Training">False while a model is only measured.</param>
public readonly record struct Progress(long Step, double Epoch, bool Training);
