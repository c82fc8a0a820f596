using System.Globalization;

namespace Ctc;

/// <summary>A stretch of training, or a moment counted from its start: <c>5 epochs</c>, <c>300 steps</c>.</summary>
/// <param name="Count">How many, above 0; epochs may be fractions.</param>
/// <param name="Unit">Of what.</param>
public readonly record struct TrainingTime(double Count, TrainingUnit Unit)
{
    /// <summary>How much of it has passed.</summary>
    /// <param name="progress">Where training stands.</param>
    /// <returns>0 at the start of training, 1 when the time has come, more after it.</returns>
    public double Share(Progress progress) => (Unit == TrainingUnit.Steps ? progress.Step : progress.Epoch) / Count;

    /// <summary>As in an experiment.</summary>
    /// <returns>The count and the unit.</returns>
    public override string ToString()
    {
        string unit = Unit == TrainingUnit.Steps ? "step" : "epoch";
        return string.Create(CultureInfo.InvariantCulture, $"{Count} {unit}{(Count == 1 ? "" : "s")}");
    }
}

/// <summary>What training is counted in.</summary>
public enum TrainingUnit
{
    /// <summary>Passes over the training set, with fractions.</summary>
    Epochs,

    /// <summary>Steps of the optimiser.</summary>
    Steps,
}
