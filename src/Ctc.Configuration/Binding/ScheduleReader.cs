using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>Binds options of type <see cref="Schedule"/>: a number, or a part at the extension point of schedules.</summary>
internal static class ScheduleReader
{
    public static Schedule Bind(YamlValue value, OptionProperty option, PartCatalog catalog, PartReader parts)
    {
        if (value is YamlScalar scalar && ScalarReader.Parse(scalar, typeof(Schedule)) is Schedule constant) return constant;
        string[] names = [.. catalog.All.Where(part => part.Point == typeof(ISchedule)).Select(part => part.Metadata.Name)];
        bool isName = value is YamlScalar name ? names.Contains(name.Text) : value is YamlMapping { Entries.Count: > 0 };
        if (!isName) throw value.Refuse(option.Key, $"a number, or a schedule: {string.Join(", ", names)}");

        PartChoice choice = parts.BindNamed(value, option.Key, typeof(ISchedule));
        ISchedule part = choice.Create<ISchedule>();
        return part as Schedule ?? new ChosenSchedule(choice, part, option.Key, option.Checks.OfType<RangeAttribute>().FirstOrDefault());
    }

    /// <summary>The part that a schedule is; null of a constant.</summary>
    public static SchedulePart? Describe(Schedule schedule) => schedule switch
    {
        ChosenSchedule { Choice: var part } => new SchedulePart(part.Factory.Metadata, part.Options, part.Factory.Origin),
        ISchedule => new SchedulePart(new PartMetadata(schedule.GetType()), schedule, Origin: null),
        _ => null,
    };

    /// <summary>The schedules among the options of a record, of the parts that it chooses, and of records within it.</summary>
    /// <param name="record">An experiment, or options.</param>
    public static IEnumerable<Schedule> FindAll(object record) =>
        OptionProperty.AllOf(record.GetType()).SelectMany(option => Among(option.Get(record)));

    private static IEnumerable<Schedule> Among(object? value) => value switch
    {
        null or string or ValueType => [],
        Schedule schedule => [schedule, .. Describe(schedule) is { } named ? FindAll(named.Options) : []],
        PartChoice part => FindAll(part.Options),
        System.Collections.IEnumerable items => items.Cast<object?>().SelectMany(Among),
        _ => FindAll(value),
    };
}

/// <summary>A schedule as a part.</summary>
/// <param name="Metadata">Its metadata.</param>
/// <param name="Options">The record of its options.</param>
/// <param name="Origin">The plugin that exports it; null for a built-in schedule.</param>
internal sealed record SchedulePart(PartMetadata Metadata, object Options, PluginFile? Origin);
