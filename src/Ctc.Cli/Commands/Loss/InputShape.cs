using System.Globalization;
using Ctc.Configuration.Json;

namespace Ctc.Cli.Commands.Loss;

/// <summary>The extents of the inputs: those of the nest, or those of the key <c>shape</c> if the nest is too empty to have them.</summary>
internal static class InputShape
{
    // A few digits can require any amount of memory.
    private const double Largest = 1e7;

    /// <summary>T, B and V.</summary>
    public static (int Frames, int Size, int Tokens) Infer(NumberNest nest, JsonValue inputs, JsonValue? shape, TensorLayout layout)
    {
        int[] extents = layout == TensorLayout.TimeMajor ? nest.Extents : [nest.Extents[1], nest.Extents[0], nest.Extents[2]];
        if (shape is { } given)
        {
            int[] said = Parse(given);
            if (extents.Zip(said, (nested, told) => nested < 0 || nested == told).All(fits => fits)) return (said[0], said[1], said[2]);
            IEnumerable<string> seen = extents.Zip("TBV", (extent, letter) => extent < 0 ? $"{letter}" : $"{extent}");
            throw given.Fault($"[{string.Join(", ", said)}]; expected [{string.Join(", ", seen)}], as in the inputs");
        }

        if (extents.Contains(-1)) throw inputs.Fault("there are no numbers; expected a shape [T, B, V] beside them");
        if (extents[2] == 0) throw inputs.Fault("rows without numbers; expected at least one token");
        return (extents[0], extents[1], extents[2]);
    }

    /// <summary>Probabilities may be above 1, because they are not normalised, but not below 0. Padding is ignored.</summary>
    public static void RefuseNegative(NumberNest nest, JsonValue inputs, IReadOnlyList<long> lengths, TensorLayout layout)
    {
        for (int at = 0; at < nest.Numbers.Length; at++)
        {
            if (!(nest.Numbers[at] < 0)) continue;
            (int row, int token) = Math.DivRem(at, nest.Extents[2]);
            (int outer, int inner) = Math.DivRem(row, nest.Extents[1]);
            (int frame, int utterance) = layout == TensorLayout.TimeMajor ? (outer, inner) : (inner, outer);
            if (frame >= lengths[utterance]) continue;
            throw new JsonValue($"{inputs.Path}[{outer}][{inner}][{token}]", inputs.Element[outer][inner][token]).Refuse("a probability, 0 or more");
        }
    }

    /// <summary>Finds the first frame, in the order of the inputs, whose probabilities do not sum to 1; NaN and padding are ignored.</summary>
    /// <returns>A sentence; null if there is none.</returns>
    public static string? WarnOfSums(NumberNest nest, IReadOnlyList<long> lengths, TensorLayout layout, bool areProbabilities)
    {
        const double tolerance = 1e-3;
        if (nest.Numbers.Length == 0) return null;
        (int inner, int tokens) = (nest.Extents[1], nest.Extents[2]);
        for (int row = 0; row < nest.Numbers.Length / tokens; row++)
        {
            (int first, int second) = Math.DivRem(row, inner);
            (int frame, int utterance) = layout == TensorLayout.TimeMajor ? (first, second) : (second, first);
            if (frame >= lengths[utterance]) continue;
            double sum = 0;
            foreach (double number in nest.Numbers.AsSpan(row * tokens, tokens)) sum += areProbabilities ? number : Math.Exp(number);
            if (!(Math.Abs(sum - 1) > tolerance)) continue;
            string kind = areProbabilities ? "probs" : "log-probs";
            string found = sum.ToString("g5", CultureInfo.InvariantCulture);
            return $"inputs[{first}][{second}]: the probabilities sum to {found}; expected 1, as of {kind}: the kind for other numbers is " +
                "scores or logits";
        }

        return null;
    }

    private static int[] Parse(JsonValue shape)
    {
        JsonValue[] items = [.. shape.Items("[T, B, V]")];
        if (items.Length != 3) throw shape.Fault($"{items.Length} numbers; expected three: [T, B, V]");
        long[] extents = [AtLeast(0, items[0]), AtLeast(0, items[1]), AtLeast(1, items[2])];
        bool fits = extents.Aggregate(1.0, (product, extent) => product * Math.Max(extent, 1)) <= Largest;
        if (!fits) throw shape.Fault($"[{string.Join(", ", extents)}]; expected a product of at most {Largest}");
        return [.. extents.Select(extent => (int)extent)];

        static long AtLeast(long least, JsonValue item) =>
            item.Whole() is var extent && extent >= least ? extent : throw item.Refuse($"{least} or more");
    }
}
