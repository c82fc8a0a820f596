using System.Text.Json;
using Ctc.Configuration.Json;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Numbers from lists nested three deep, rectangular, in a flat array.</summary>
/// <param name="Numbers">Row by row.</param>
/// <param name="Extents">The extents of the three axes; −1 if an outer axis is empty.</param>
internal sealed record NumberNest(double[] Numbers, int[] Extents)
{
    private const int Axes = 3;

    /// <param name="value">The value to parse.</param>
    /// <param name="single">If true, the numbers must be in the range of single precision.</param>
    public static NumberNest Parse(JsonValue value, bool single)
    {
        int[] extents = [-1, -1, -1];
        var numbers = new List<double>();
        Add(value.Element, []);
        return new NumberNest([.. numbers], extents);

        void Add(JsonElement element, int[] at)
        {
            JsonValue Here() => new(value.Path + string.Concat(at.Select(i => $"[{i}]")), element);
            int axis = at.Length;
            if (axis == Axes)
            {
                string kind = single ? "a number that float32 holds" : "a finite number";
                numbers.Add(Number(element, single, Here) ?? throw Here().Refuse($"{kind}, \"-inf\", \"inf\" or \"nan\""));
                return;
            }

            if (element.ValueKind != JsonValueKind.Array) throw Here().Refuse("three lists, one in the other, of numbers");
            int count = element.GetArrayLength();
            if (extents[axis] < 0) extents[axis] = count;
            if (extents[axis] != count)
            {
                (string items, string first) = axis == Axes - 1 ? ("numbers", "row") : ("lists", "list");
                throw Here().Fault($"{count} {(count == 1 ? items[..^1] : items)}; expected {extents[axis]}, as in the first {first}");
            }

            int i = 0;
            int[] inner = [.. at, 0];
            foreach (JsonElement item in element.EnumerateArray())
            {
                inner[axis] = i++;
                Add(item, inner);
            }
        }
    }

    private static double? Number(JsonElement element, bool single, Func<JsonValue> here)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return here().Text() switch
            {
                "-inf" => double.NegativeInfinity,
                "inf" => double.PositiveInfinity,
                "nan" => double.NaN,
                _ => null,
            };
        }

        if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out double number)) return null;
        return double.IsFinite(number) && (!single || float.IsFinite((float)number)) ? number : null;
    }
}
