using System.Text.Json;
using Ctc.Configuration.Json;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Parses targets in three forms: a list for each utterance; padded lists with lengths; one list with lengths.</summary>
internal static class TargetReader
{
    private const string Expected = "a list of tokens for each utterance";

    /// <summary>B targets, every token of them in [0, V) and no blank. Padding is ignored.</summary>
    public static IReadOnlyList<long[]> Parse(JsonValue targets, JsonValue? lengths, int size, int tokens, long? blank)
    {
        JsonValue[] items = [.. targets.Items(Expected)];
        JsonValue[][] rows;
        if (lengths is { } given && !items.Any(item => item.Element.ValueKind == JsonValueKind.Array) && (items.Length > 0 || size > 0))
        {
            rows = Cut(targets, items, given.Lengths(size, items.Length, "the tokens of the targets"));
        }
        else
        {
            if (lengths is null && items.Any(item => item.Element.ValueKind == JsonValueKind.Number))
            {
                throw targets.Fault("tokens in one list; expected a list for each utterance, or target_lengths beside it");
            }

            if (items.Length != size) throw targets.Fault($"{items.Length} lists; expected {size}, one for each utterance");
            rows = [.. items.Select(item => item.Items(Expected).ToArray())];
            if (lengths is { } padded) rows = Shorten(rows, padded.Lengths(size, long.MaxValue, "the tokens of the target"), padded);
        }

        string expected = $"a token in [0, {tokens}){(blank is null ? "" : $" other than the blank, {blank}")}";
        return [.. rows.Select(row => row.Select(Token).ToArray())];

        long Token(JsonValue item)
        {
            long token = item.Whole(expected);
            return token >= 0 && token < tokens && token != blank ? token : throw item.Refuse(expected);
        }
    }

    private static JsonValue[][] Cut(JsonValue targets, JsonValue[] all, IReadOnlyList<long> lengths)
    {
        long sum = lengths.Sum();
        if (sum != all.Length) throw targets.Fault($"{all.Length} tokens; expected {sum}, the sum of target_lengths");
        var rows = new JsonValue[lengths.Count][];
        for (int b = 0, start = 0; b < rows.Length; start += (int)lengths[b++]) rows[b] = all[start..(start + (int)lengths[b])];
        return rows;
    }

    private static JsonValue[][] Shorten(JsonValue[][] rows, IReadOnlyList<long> lengths, JsonValue given)
    {
        for (int b = 0; b < rows.Length; b++)
        {
            if (lengths[b] <= rows[b].Length) continue;
            throw (given with { Path = $"{given.Path}[{b}]" }).Fault($"{lengths[b]}; expected 0 to {rows[b].Length}, the tokens of targets[{b}]");
        }

        return [.. rows.Select((row, b) => row[..(int)lengths[b]])];
    }
}
