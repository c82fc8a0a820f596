namespace Ctc.Experiments.Training;

/// <summary>What a step of the optimizer has measured.</summary>
/// <param name="Loss">The mean of the objective, or its sum.</param>
/// <param name="Counted">What the mean counts.</param>
/// <param name="Heads">The losses of the heads.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Infeasible">Utterances without alignment.</param>
/// <param name="Seconds">The duration.</param>
/// <param name="InObjective">The part of it in the objective.</param>
internal readonly record struct StepResult(
    double Loss, long Counted, MeanLoss[] Heads, double GradientNorm, int Infeasible, double Seconds, double InObjective);

/// <summary>What a batch of a step has measured.</summary>
/// <inheritdoc cref="StepResult"/>
internal readonly record struct BatchResult(double Loss, long Counted, MeanLoss[] Heads, int Infeasible, double InObjective);

/// <summary>A mean over what a reduction counts, or a sum of such: an utterance without alignment in a head is counted in other places.</summary>
/// <param name="Loss">The mean, or the sum.</param>
/// <param name="Counted">What it counts.</param>
internal readonly record struct MeanLoss(double Loss, long Counted)
{
    /// <summary>The sum with a mean.</summary>
    public MeanLoss With(MeanLoss mean) => mean.Counted == 0 ? this : new MeanLoss(Loss + (mean.Loss * mean.Counted), Counted + mean.Counted);
}
