using System.Globalization;

namespace Ctc.Testing.Conformance;

/// <summary>
/// Checks of schedules: finite values between those of the options, a function of the progress alone, and of its length only if declared.
/// </summary>
internal static class SchedulePartChecks
{
    private const int StepsInEpoch = 5, Epochs = 8;

    // The dev set improves, stays, gets worse.
    private static readonly DevResult[] Results = [.. new[] { 5.0, 4, 4, 4, 6, 6, 6, 3 }.Select((metric, i) => new DevResult(metric, 1 + i))];

    /// <summary>Reads a value in each step of a training.</summary>
    public static void Use(Setting setting)
    {
        ISchedule schedule = Create(setting);
        foreach (Progress progress in Training(Epochs)) schedule.At(progress);
    }

    public static string? Values(Setting setting)
    {
        ISchedule schedule = Create(setting);
        double[] ends = [.. MarkedValues(setting.Options)];
        foreach (Progress progress in Training(Epochs).Concat(Training(Epochs, warmUp: 7)).Append(default))
        {
            double value = schedule.At(progress);
            if (!double.IsFinite(value)) return $"its value {Where(progress)} is {Text(value)}; expected a finite number";
            if (ends.Length == 0 || (value >= ends.Min() && value <= ends.Max())) continue;
            return $"its value {Where(progress)} is {Text(value)}; expected one between the smallest and the largest of the options that are marked "
                + $"as values, {Text(ends.Min())} to {Text(ends.Max())}";
        }

        return null;
    }

    public static string? Acts(Setting setting)
    {
        ISchedule schedule = Create(setting);
        return Training(Epochs).Select(schedule.At).Distinct().Count() > 1
            ? null
            : $"its value is the same in all steps of {Epochs} epochs; expected one that changes";
    }

    public static string? Repeat(Setting setting)
    {
        Progress[] training = [.. Training(Epochs)];
        ISchedule schedule = Create(setting), other = Create(setting);
        double[] first = [.. training.Select(schedule.At)];
        for (int i = training.Length - 1; i >= 0; i--)
        {
            string? which =
                !schedule.At(training[i]).Equals(first[i]) ? "a second time, after others,"
                : !other.At(training[i]).Equals(first[i]) ? "in a second part"
                : null;
            if (which is not null) return $"{which} its value {Where(training[i])} is another; expected a function of the progress alone";
        }

        return null;
    }

    public static string? Length(Setting setting)
    {
        ISchedule schedule = Create(setting);
        if (schedule.DependsOnLength) return null;
        foreach ((Progress longer, Progress shorter) in Training(Epochs).Zip(Training(Epochs / 2)))
        {
            if (schedule.At(longer).Equals(schedule.At(shorter))) continue;
            return $"its value {Where(longer)} is {Text(schedule.At(longer))}, and {Text(schedule.At(shorter))} in a training of {Epochs / 2}; "
                + $"expected the same, or {nameof(ISchedule.DependsOnLength)}";
        }

        return null;
    }

    private static ISchedule Create(Setting setting) => (ISchedule)setting.Factory.CreatePart(setting.Options);

    private static IEnumerable<Progress> Training(int epochs, double warmUp = 0) =>
        from epoch in Enumerable.Range(0, epochs)
        let course = new TrainingCourse(epochs, StepsInEpoch) { WarmUp = warmUp, Results = Results[..epoch] }
        from step in Enumerable.Range(0, StepsInEpoch)
        select new Progress((epoch * StepsInEpoch) + step, epoch + ((double)step / StepsInEpoch), Training: true) { Course = course };

    private static IEnumerable<double> MarkedValues(object options) => options.GetType().GetProperties()
        .Where(option => option.IsDefined(typeof(ScheduleValueAttribute), inherit: false))
        .SelectMany(option => option.GetValue(options) switch
        {
            IEnumerable<double> list => list,
            { } number => [Convert.ToDouble(number, CultureInfo.InvariantCulture)],
            null => [],
        });

    private static string Where(Progress progress) =>
        progress.Course is { } course ? $"in step {progress.Step} of {course.Epochs} epochs" : "where nothing is trained";

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
