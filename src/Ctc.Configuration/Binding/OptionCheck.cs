using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Binding;

/// <summary>Checks the data annotations of an options record, and its <see cref="IValidatableObject"/>.</summary>
internal static class OptionCheck
{
    public static void Value(object record, OptionProperty option, object? value, YamlValue source)
    {
        foreach (ValidationAttribute check in option.Checks)
        {
            if (check is RangeAttribute && value is Schedule and not ConstantSchedule)
            {
                RefuseOutside((RangeAttribute)check, (Schedule)value, source);
            }
            else if (check is RangeAttribute or RegularExpressionAttribute && value is IEnumerable items and not string)
            {
                foreach ((object? item, YamlValue at) in items.Cast<object?>().Zip(((YamlList)source).Items)) Value(record, option, check, item, at);
            }
            else
            {
                Value(record, option, check, value, source);
            }
        }
    }

    // The values of a schedule, each with its position; those by default have that of the schedule.
    private static void RefuseOutside(RangeAttribute range, Schedule schedule, YamlValue source)
    {
        object options = ScheduleReader.Describe(schedule)!.Options;
        var body = (source as YamlMapping)?.Entries[0].Value as YamlMapping;
        foreach (OptionProperty option in OptionProperty.AllOf(options.GetType()).Where(option => option.IsScheduleValue))
        {
            YamlValue? written = body?[option.Key];
            IEnumerable<double> values = option.Get(options) switch
            {
                IEnumerable<double> list => list,
                { } number => [Convert.ToDouble(number, CultureInfo.InvariantCulture)],
                null => [],
            };
            foreach ((int i, double number) in values.Index())
            {
                if (Holds(range, number)) continue;
                YamlValue at = written is YamlList list ? list.Items[i] : written ?? source;
                string found = at == source ? $"by default {number.ToString(CultureInfo.InvariantCulture)}" : at.Found;
                throw new ConfigurationException(at.Location, $"{option.Key} is {found}; {Expectation(range, option.Key)}");
            }
        }
    }

    /// <summary>Checks rules over several options. If a rule names an option of the file, the error has the position of that option.</summary>
    public static void Rules(IValidatableObject record, YamlMapping source)
    {
        ValidationResult? broken = record.Validate(new ValidationContext(record)).FirstOrDefault(result => result != ValidationResult.Success);
        if (broken is null) return;

        YamlValue at = broken.MemberNames.Select(member => source[KebabCase.From(member)]).FirstOrDefault(value => value is not null) ?? source;
        throw new ConfigurationException(at.Location, (broken.ErrorMessage ?? "the options do not fit together").TrimEnd('.'));
    }

    private static void Value(object record, OptionProperty option, ValidationAttribute check, object? value, YamlValue source)
    {
        ValidationContext context = new(record) { MemberName = option.Name, DisplayName = option.Key };
        bool holds = check is RangeAttribute range ? Holds(range, value) : check.GetValidationResult(value, context) == ValidationResult.Success;
        if (!holds) throw new ConfigurationException(source.Location, $"{option.Key} is {source.Found}; {Expectation(check, option.Key)}");
    }

    /// <summary>Compares as doubles: the attribute itself would round 1.4 to a whole bound, and fail on a long.</summary>
    public static bool Holds(RangeAttribute range, object? value)
    {
        if (value is null) return true;

        double number = value is ConstantSchedule constant ? constant.Value : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        (double low, double high) = Bounds(range);
        return (range.MinimumIsExclusive ? number > low : number >= low) && (range.MaximumIsExclusive ? number < high : number <= high);
    }

    /// <summary>The values that a check admits, in words.</summary>
    /// <param name="check">A check of an option.</param>
    /// <param name="key">The key of the option.</param>
    public static string Describe(ValidationAttribute check, string key) => check switch
    {
        { ErrorMessage: not null } => check.FormatErrorMessage(key).TrimEnd('.'),
        RangeAttribute range => Words(range),
        RegularExpressionAttribute pattern => $"text that matches {pattern.Pattern}",
        _ => check.FormatErrorMessage(key).TrimEnd('.'),
    };

    private static string Expectation(ValidationAttribute check, string key) => check switch
    {
        { ErrorMessage: not null } => check.FormatErrorMessage(key).TrimEnd('.'),
        RangeAttribute range => $"expected {Words(range)}",
        RequiredAttribute => "expected a value",
        RegularExpressionAttribute pattern => $"expected text that matches {pattern.Pattern}",
        _ => check.FormatErrorMessage(key).TrimEnd('.'),
    };

    private static string Words(RangeAttribute range)
    {
        (double low, double high) = Bounds(range);
        (string from, string to) = (low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture));
        if (IsOpen(high)) return range.MinimumIsExclusive ? $"more than {from}" : $"{from} or more";
        if (IsOpen(-low)) return range.MaximumIsExclusive ? $"less than {to}" : $"{to} or less";

        return (range.MinimumIsExclusive, range.MaximumIsExclusive) switch
        {
            (false, false) => $"{from} to {to}",
            (true, false) => $"{from} to {to}, {from} excluded",
            (false, true) => $"{from} to {to}, {to} excluded",
            (true, true) => $"{from} to {to}, both excluded",
        };
    }

    /// <summary>Whether a bound is the limit of a number type, that is, no bound. The lower bound is passed negated.</summary>
    private static bool IsOpen(double bound) =>
        bound is double.MaxValue or double.PositiveInfinity or long.MaxValue or int.MaxValue or -(double)int.MinValue;

    private static (double Low, double High) Bounds(RangeAttribute range) =>
        (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
}
