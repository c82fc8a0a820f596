using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>Options drawn at random within their ranges. Options without a range, such as strings and lists, keep their defaults.</summary>
internal static class DrawnOptions
{
    /// <summary>Draws each option independently: at most half of the way from its default to an end of its range.</summary>
    /// <param name="part">The part with the options.</param>
    /// <param name="seed">The same seed gives the same options.</param>
    /// <returns>Options; null if validation across options rejects them.</returns>
    public static object? Draw(PartFactory part, int seed)
    {
        var random = new Random(seed);
        object drawn = PartTrial.Read(part, PartTrial.With(part, ""));
        foreach (PropertyInfo option in Settable(drawn.GetType()))
        {
            if (Draw(option, option.GetValue(drawn), random) is { } value) option.SetValue(drawn, value);
        }

        try
        {
            return PartTrial.Read(part, PartOptions.Write(drawn));
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>The options of a type: its settable properties.</summary>
    public static IEnumerable<PropertyInfo> Settable(Type options) => options.GetProperties().Where(option => option.SetMethod is { IsPublic: true });

    /// <summary>
    /// A different valid value of an option: half of the way to the farther end of its range; null without a range.
    /// </summary>
    public static double? Elsewhere(PropertyInfo option, double from)
    {
        if (Ends(option) is not { } ends) return null;
        return Towards(Math.Abs(ends.High - from) >= Math.Abs(ends.Low - from) ? ends.High : ends.Low, from, 0.5);
    }

    private static object? Draw(PropertyInfo option, object? before, Random random)
    {
        Type type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
        if (type == typeof(bool)) return random.Next(2) == 1;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (Ends(option) is not { } ends || Number(before) is not { } start) return null;

        double number = Towards(random.Next(2) == 0 ? ends.Low : ends.High, start, Math.Round(random.NextDouble() / 2, 2));
        return type == typeof(Schedule) ? (Schedule)number : Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
    }

    private static (double Low, double High)? Ends(PropertyInfo option) => option.GetCustomAttribute<RangeAttribute>() is { } range
        ? (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture))
        : null;

    private static double Towards(double end, double start, double share) => start + (Math.Clamp(end - start, -100, 100) * share);

    private static double? Number(object? value) => value switch
    {
        ConstantSchedule constant => constant.Value,
        double or float or int or long => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => null,
    };
}
