using System.Text.Json;
using Ctc.Configuration.Json;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Parses the graphs of a request: one for each utterance, or null.</summary>
internal static class GraphReader
{
    /// <summary>B graphs whose tokens are in [0, V); null for an utterance that has none.</summary>
    public static IReadOnlyList<Graph?> Parse(JsonValue graphs, int size, int tokens)
    {
        JsonValue[] items = [.. graphs.Items("a graph, or null, for each utterance")];
        if (items.Length != size) throw graphs.Fault($"{items.Length} items; expected {size}, one for each utterance");
        return [.. items.Select(item => item.Element.ValueKind == JsonValueKind.Null ? null : Parse(item, tokens))];
    }

    private static Graph Parse(JsonValue item, int tokens)
    {
        try
        {
            Graph graph = GraphJson.Parse(item.Element);
            int above = graph.Labels.TakeWhile(token => token < tokens).Count();
            return above == graph.Labels.Count
                ? graph
                : throw new InvalidDataException($"states[{above}] is {graph.Labels[above]}; expected a token in [0, {tokens})");
        }
        catch (InvalidDataException wrong)
        {
            throw item.Fault(wrong.Message.TrimEnd('.'));
        }
    }
}
