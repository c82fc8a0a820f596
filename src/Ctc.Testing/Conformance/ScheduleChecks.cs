using System.Reflection;
using Ctc.Configuration.Binding;
using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of options of type <see cref="Schedule"/>: at any progress, results equal those with the constant of the value there.</summary>
internal static class ScheduleChecks
{
    private static readonly TrainingTime Until = new(4, TrainingUnit.Steps);

    /// <summary>The options of type <see cref="Schedule"/>.</summary>
    public static IReadOnlyList<PropertyInfo> FindSchedules(Type options) =>
        [.. DrawnOptions.Settable(options).Where(option => option.PropertyType == typeof(Schedule))];

    /// <summary>Varies each option in turn from its value towards an end of its range.</summary>
    public static string? Moving(PartTrial trial, Setting setting, CheckCase drawn)
    {
        foreach (PropertyInfo option in FindSchedules(trial.Says.Options))
        {
            if (option.GetValue(setting.Options) is not ConstantSchedule { Value: var from } || DrawnOptions.Elsewhere(option, from) is not { } to)
            {
                continue;
            }
            var moving = new LinearSchedule { From = from, To = to, Until = Until };
            for (int step = 0; step <= Until.Count; step++)
            {
                var progress = new Progress(step, step / 2.0, Training: true);
                double now = moving.At(progress);
                if (At(moving, progress).IsSame(At(now, progress))) continue;
                return FormattableString.Invariant(
                    $"with {option.Name} on its way from {from} to {to}, at {now}, it gives other bits than with the constant; ")
                    + "expected the value At(batch.Progress) of each batch";
            }

            Evaluated At(Schedule schedule, Progress progress)
            {
                object options = PartTrial.Read(trial.Factory, PartOptions.Write(setting.Options));
                option.SetValue(options, schedule);
                ObjectiveParts parts = (setting with { Options = options }).Untrained();
                Setting.Begin(parts, drawn);
                return Evaluated.Evaluate(parts, drawn with { Progress = progress });
            }
        }

        return null;
    }
}
