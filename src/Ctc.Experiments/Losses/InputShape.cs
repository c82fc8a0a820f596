namespace Ctc.Experiments.Losses;

/// <summary>The extents of the inputs: those of the nest, and where it is too empty to show them, those of the key <c>shape</c>.</summary>
internal static class InputShape
{
    // A shape is a few digits, whatever it asks for.
    private const double Largest = 1e7;

    /// <summary>T, B and V.</summary>
    public static (int Frames, int Size, int Tokens) Of(NumberNest nest, JsonValue inputs, JsonValue? shape, TensorLayout layout)
    {
        int[] extents = layout == TensorLayout.TimeMajor ? nest.Extents : [nest.Extents[1], nest.Extents[0], nest.Extents[2]];
        if (shape is { } given)
        {
            int[] said = Read(given);
            if (!extents.Zip(said, (nested, told) => nested < 0 || nested == told).All(fits => fits))
            {
                throw given.Fault($"[{string.Join(", ", said)}]; expected [{string.Join(", ", extents.Select((extent, axis) => extent < 0 ? "TBV"[axis..(axis + 1)] : $"{extent}"))}], as in the inputs");
            }

            return (said[0], said[1], said[2]);
        }

        if (extents.Contains(-1)) throw inputs.Fault("there are no numbers; expected a shape [T, B, V] beside them");
        if (extents[2] == 0) throw inputs.Fault("rows without numbers; expected at least one token");
        return (extents[0], extents[1], extents[2]);
    }

    /// <summary>Probabilities may be above 1, as they are taken as they are, but not below 0. Padding is not looked at.</summary>
    public static void RefuseNegative(NumberNest nest, JsonValue inputs, IReadOnlyList<long> lengths, TensorLayout layout)
    {
        for (int at = 0; at < nest.Numbers.Length; at++)
        {
            if (!(nest.Numbers[at] < 0)) continue;
            int token = at % nest.Extents[2], inner = at / nest.Extents[2] % nest.Extents[1], outer = at / nest.Extents[2] / nest.Extents[1];
            (int frame, int utterance) = layout == TensorLayout.TimeMajor ? (outer, inner) : (inner, outer);
            if (frame < lengths[utterance]) throw new JsonValue($"{inputs.Path}[{outer}][{inner}][{token}]", inputs.Element[outer][inner][token]).Refuse("a probability, 0 or more");
        }
    }

    private static int[] Read(JsonValue shape)
    {
        JsonValue[] items = [.. shape.Items("[T, B, V]")];
        if (items.Length != 3) throw shape.Fault($"{items.Length} numbers; expected three: [T, B, V]");
        long[] extents = [.. items.Select((item, axis) => item.Whole() is var extent && extent >= (axis < 2 ? 0 : 1) ? extent : throw item.Refuse($"{(axis < 2 ? 0 : 1)} or more"))];
        if (extents.Aggregate(1.0, (product, extent) => product * Math.Max(extent, 1)) > Largest) throw shape.Fault($"[{string.Join(", ", extents)}]; expected a product of at most {Largest}");
        return [.. extents.Select(extent => (int)extent)];
    }
}
