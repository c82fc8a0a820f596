using System.Globalization;

namespace Ctc;

/// <summary>A duration of training, or a time counted from its start: <c>5 epochs</c>, <c>300 steps</c>.</summary>
/// <param name="Count">The number of units, above 0; epochs may be fractions.</param>
/// <param name="Unit">Epochs or steps.</param>
public readonly record struct TrainingTime(double Count, TrainingUnit Unit)
{
    /// <summary>The share of this time that has passed.</summary>
    /// <param name="progress">The progress of training.</param>
    /// <returns>0 at the start of training, 1 at this time, more after it.</returns>
    public double Share(Progress progress) => (Unit == TrainingUnit.Steps ? progress.Step : progress.Epoch) / Count;

    /// <summary>Formats the time as in an experiment.</summary>
    /// <returns>The count and the unit.</returns>
    public override string ToString()
    {
        string unit = Unit == TrainingUnit.Steps ? "step" : "epoch";
        return string.Create(CultureInfo.InvariantCulture, $"{Count} {unit}{(Count == 1 ? "" : "s")}");
    }
}

/// <summary>The unit of training time.</summary>
public enum TrainingUnit
{
    /// <summary>Passes over the training set, with fractions.</summary>
    Epochs,

    /// <summary>Steps of the optimiser.</summary>
    Steps,
}
