using System.Globalization;
using System.Text.RegularExpressions;

namespace Ctc.Configuration.Yaml;

/// <summary>Parses text to a string, a Boolean, a number or an enum value. Quoted text is never a Boolean or a number.</summary>
internal static partial class ScalarReader
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>The noun for values of a type in messages; null if the type is not one of these.</summary>
    public static string? Noun(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) || type == typeof(float) ? "a number"
        : type == typeof(Schedule) ? "a number, or a schedule"
        : type == typeof(TrainingTime) ? "a time above 0, such as 5 epochs or 300 steps"
        : type.IsEnum ? $"one of {string.Join(", ", KebabCase.Values(type).Keys)}"
        : null;

    public static object Parse(YamlValue value, Type type, string key) =>
        (value is YamlScalar { IsNull: false } scalar ? Parse(scalar, type) : null) ?? throw value.Refuse(key, Noun(type)!);

    /// <summary>Parses a scalar; null if the text is not a value of the type.</summary>
    public static object? Parse(YamlScalar scalar, Type type) =>
        type == typeof(string) ? scalar.Text
        : type.IsEnum ? KebabCase.Values(type).GetValueOrDefault(scalar.Text)
        : type == typeof(TrainingTime) ? Time(scalar)
        : !scalar.Plain ? null
        : type == typeof(bool) ? scalar.Text switch { "true" => true, "false" => false, _ => null }
        : type == typeof(int) ? int.TryParse(scalar.Text, Whole, Invariant, out int whole) ? whole : null
        : type == typeof(long) ? long.TryParse(scalar.Text, Whole, Invariant, out long large) ? large : null
        : type == typeof(double) ? Finite(scalar.Text)
        : type == typeof(Schedule) ? Finite(scalar.Text) is { } constant ? new ConstantSchedule(constant) : null
        : Number(scalar.Text) is { } wide && float.IsFinite((float)wide) ? (float)wide : null;

    // A number without a unit counts epochs. Steps are whole numbers.
    private static TrainingTime? Time(YamlScalar scalar)
    {
        string[] words = scalar.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TrainingUnit? unit = words switch
        {
            [_] when scalar.Plain => TrainingUnit.Epochs,
            [_, "epoch" or "epochs"] => TrainingUnit.Epochs,
            [_, "step" or "steps"] => TrainingUnit.Steps,
            _ => null,
        };
        bool counts = unit is not null && Finite(words[0]) is { } count && count > 0 && (unit == TrainingUnit.Epochs || double.IsInteger(count));
        return counts ? new TrainingTime(Finite(words[0])!.Value, unit!.Value) : null;
    }

    private static double? Finite(string text) => Number(text) is { } number && double.IsFinite(number) ? number : null;

    private static double? Number(string text) => NumberForm().IsMatch(text) ? double.Parse(text, Invariant) : null;

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex NumberForm();
}
