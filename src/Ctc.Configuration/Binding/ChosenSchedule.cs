using System.ComponentModel.DataAnnotations;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>A schedule of a plugin as the value of an option.</summary>
/// <param name="Choice">The part.</param>
/// <param name="Schedule">The part, created.</param>
/// <param name="Key">The option.</param>
/// <param name="Range">The range of the option; null if it has none.</param>
internal sealed record ChosenSchedule(PartChoice Choice, ISchedule Schedule, string Key, RangeAttribute? Range) : Schedule
{
    /// <inheritdoc/>
    public override bool DependsOnLength => Schedule.DependsOnLength;

    /// <inheritdoc/>
    /// <exception cref="PluginException">The value is not a number of the range.</exception>
    public override double At(Progress progress)
    {
        double value = Schedule.At(progress);
        if (double.IsFinite(value) && (Range is null || OptionCheck.Holds(Range, value))) return value;
        string expected = Range is null ? "a finite number" : OptionCheck.Describe(Range, Key);
        throw new PluginException(
            FormattableString.Invariant($"The schedule '{Choice.Factory.Metadata.Name}' gives {Key} the value {value} in step {progress.Step}; ")
            + $"expected {expected}");
    }
}
