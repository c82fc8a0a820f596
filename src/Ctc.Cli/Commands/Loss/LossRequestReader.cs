using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Parses and checks one request: known keys, numbers in range, consistent lengths.</summary>
internal sealed class LossRequestReader
{
    /// <summary>The bytes that the lattices of a request may need, and each recursion over them.</summary>
    /// <remarks>Inputs are bounded by the length of the request; lattices are not, whose states and frames are multiplied.</remarks>
    public const long MemoryLimit = 2_000_000_000;

    // The number of arcs into a state of a target with interleaved blanks.
    private const int WovenArcs = 3;

    private static readonly Dictionary<string, (InputKind Kind, bool AreProbabilities)> InputKinds = new()
    {
        ["logits"] = (InputKind.Logits, false),
        ["log-probs"] = (InputKind.LogProbs, false),
        ["probs"] = (InputKind.LogProbs, true),
        ["scores"] = (InputKind.Scores, false),
    };

    private readonly Dictionary<string, JsonValue> values = [];

    private LossRequestReader(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object) throw new JsonValue("the request", request).Refuse("an object");
        foreach (JsonProperty property in request.EnumerateObject())
        {
            string key = JsonValue.TextOf(() => property.Name, "a key");
            if (!RequestKeys.All.Contains(key)) throw RequestKeys.Refuse(key);
            if (!values.TryAdd(key, new JsonValue(key, property.Value)))
            {
                throw new InvalidDataException($"the key '{key}' occurs twice; expected it once");
            }
        }
    }

    /// <param name="request">A JSON value.</param>
    /// <param name="catalog">The parts available to an objective.</param>
    /// <param name="baseFolder">The folder that relative paths in the objective start from.</param>
    /// <exception cref="InvalidDataException">One sentence: where, what was found, what was expected.</exception>
    public static LossRequest Parse(JsonElement request, PartCatalog catalog, string baseFolder) =>
        new LossRequestReader(request).Parse(catalog, baseFolder);

    private LossRequest Parse(PartCatalog catalog, string baseFolder)
    {
        IReadOnlyList<LearnedScores> parameters = Find("parameters") is { } learned ? LearnedScores.Parse(learned) : [];
        TensorLayout layout = Choice("layout", TensorLayout.TimeMajor);
        Precision precision = Choice("dtype", Precision.Float64);
        JsonValue inputs = Need("inputs", "[T][B][V] numbers");
        NumberNest nest = NumberNest.Parse(inputs, single: precision == Precision.Float32);
        (int frames, int size, int tokens) = InputShape.Infer(nest, inputs, Find("shape"), layout);
        long? blank = Blank(tokens);
        JsonValue written = Need("targets", "the tokens of each utterance");
        IReadOnlyList<long[]> targets = TargetReader.Parse(written, Find("target_lengths"), size, tokens, blank);
        IReadOnlyList<Graph?>? graphs = Find("graphs") is { } drawn ? GraphReader.Parse(drawn, size, tokens) : null;
        RefuseLarge(targets, graphs ?? [], Find("graphs") ?? written);
        IReadOnlyList<long> lengths = Find("input_lengths")?.Lengths(size, frames, "the frames of the inputs")
            ?? [.. Enumerable.Repeat((long)frames, size)];
        (InputKind kind, bool areProbabilities) = Find("input")?.Choice(InputKinds) ?? (InputKind.Logits, false);
        if (areProbabilities) InputShape.RefuseNegative(nest, inputs, lengths, layout);
        return new LossRequest
        {
            Layout = layout,
            Inputs = nest.Numbers,
            Frames = frames,
            Kind = kind,
            AreProbabilities = areProbabilities,
            Batch = new Batch(targets, lengths, tokens, blank, graphs: graphs),
            Parameters = parameters,
            Warning = kind == InputKind.LogProbs ? InputShape.WarnOfSums(nest, lengths, layout, areProbabilities) : null,
            Precision = precision,
            Recursion = Choice("recursion", RecursionKind.Auto),
            Objective = ObjectiveReader.Parse(Find("objective"), catalog, baseFolder),
            Outputs = Find("outputs") is { } outputs ? Outputs(outputs) : [LossOutput.Loss, LossOutput.Gradient],
        };
    }

    private long? Blank(int tokens)
    {
        if (Find("blank") is not { } written) return 0;
        if (written.Element.ValueKind == JsonValueKind.Null) return null;
        string expected = $"a token in [0, {tokens}), or null";
        long blank = written.Whole(expected);
        return blank >= 0 && blank < tokens ? blank : throw written.Refuse(expected);
    }

    private static List<LossOutput> Outputs(JsonValue value)
    {
        var outputs = new List<LossOutput>();
        foreach (JsonValue item in value.Items("a list of names"))
        {
            LossOutput output = item.Choice<LossOutput>();
            if (outputs.Contains(output)) throw item.Refuse("each name once");
            outputs.Add(output);
        }

        return outputs;
    }

    // Before the lattices are built. The recursions check the memory that they need themselves.
    private static void RefuseLarge(IReadOnlyList<long[]> targets, IReadOnlyList<Graph?> graphs, JsonValue written)
    {
        Graph[] given = [.. graphs.OfType<Graph>()];
        long states = targets.Select(target => (2 * target.Length) + 1).Concat(given.Select(graph => graph.Labels.Count)).DefaultIfEmpty().Max();
        int arcs = given.SelectMany(graph => graph.Arcs.CountBy(arc => arc.To)).Select(into => into.Value).Append(WovenArcs).Max();
        double ofState = (3 * sizeof(double)) + (arcs * 2.0 * sizeof(double)); // label, initial and final score; source and score of each arc
        double bytes = targets.Count * states * ofState;
        if (bytes <= MemoryLimit) return;
        throw written.Fault(new LatticeTooLargeException("the lattice", 0, targets.Count, states, arcs, bytes, MemoryLimit).Message.TrimEnd('.'));
    }

    private JsonValue? Find(string key) => values.TryGetValue(key, out JsonValue value) ? value : null;

    private JsonValue Need(string key, string expected) => Find(key) ?? throw new InvalidDataException($"missing key '{key}'; expected {expected}");

    private T Choice<T>(string key, T byDefault)
        where T : struct, Enum => Find(key)?.Choice<T>() ?? byDefault;
}
