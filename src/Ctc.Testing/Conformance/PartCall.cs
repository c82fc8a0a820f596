using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;

namespace Ctc.Testing.Conformance;

/// <summary>One call of a part outside any objective: the quantities read, the tensors returned, and illegal writes.</summary>
/// <param name="Gave">Each returned tensor with its expected shape and type; a shape is null if it depends on the lattice.</param>
/// <param name="Read">The quantities read that must be declared.</param>
/// <param name="Written">The name of the tensor written into; null if none.</param>
internal sealed record PartCall(IReadOnlyList<Given> Gave, Needs Read, string? Written)
{
    public static PartCall Create(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Tensor inputs = drawn.Inputs().requires_grad_();
        Batch batch = drawn.Batch;
        var objective = new Objective(setting.Plain(drawn), infeasible: InfeasiblePolicy.Zero);
        EncoderOutput output = drawn.Output(objective, inputs);
        ObjectiveEvaluation plain = objective.IsTransducer ? objective.InspectTransducer(output, batch) : objective.Inspect(output, batch);
        var tensors = new WatchedTensors();
        var access = new WatchedAccess(tensors);
        PartEvaluation evaluation = PartEvaluation.For(setting.Only(parts), plain, access);
        Given[] gave = [.. Call(parts, evaluation, plain, tensors)];
        if (setting.Only(parts) is ITrainingObserver observer)
        {
            using (torch.no_grad()) observer.Observe(evaluation);
        }

        bool spoiled = !batch.Targets.Zip(drawn.Targets, (now, before) => now.SequenceEqual(before)).All(same => same);
        return new PartCall(gave, access.Read, tensors.Written() ?? (spoiled ? "the targets of the batch" : null));
    }

    /// <summary>The first fault in shapes and types; null if there is none.</summary>
    public string? Fault() => Gave.Select(tensor => tensor.Fault()).FirstOrDefault(fault => fault is not null);

    private static IEnumerable<Given> Call(ObjectiveParts parts, Evaluation evaluation, ObjectiveEvaluation plain, WatchedTensors watched)
    {
        Batch batch = evaluation.Batch;
        long[] frame = plain.Mask.shape, all = [.. frame, batch.Tokens], utterances = [batch.Size];
        switch (parts)
        {
            case { Emissions: [var transform] }:
                return [new("Transform", transform.Transform(watched.Watch("scores", plain.LogProbs), batch), all)];
            case { Targets: [var transform] }:
                using (torch.no_grad())
                {
                    var given = new FrameTargets(
                        watched.Watch("Shares", plain.Occupancy), watched.Watch("Weights", torch.ones_like(plain.Mask, plain.LogProbs.dtype)));
                    FrameTargets made = transform.Transform(given, evaluation);
                    return [new("Transform, in Shares,", made.Shares, all), new("Transform, in Weights,", made.Weights, frame)];
                }

            case { Weighting: [var weighting] }:
                return [new("Weigh", weighting.Weigh(evaluation), utterances)];
            case { Auxiliary: [var term] }:
                return [new("Evaluate", term.Evaluate(evaluation), utterances)];
            case { Lattice: [var transform] }:
                Lattice lattice = Watched(new CtcTopology().Build(batch).Numerator, watched);
                return OfLattice("Transform", transform.Transform(lattice, batch), batch, lattice.Labels.shape[1]);
            default:
                Lattices built = parts.Topology.Build(batch);
                IEnumerable<Given> numerator = OfLattice("Build", built.Numerator, batch, null);
                return built.Denominator is { } denominator
                    ? numerator.Concat(OfLattice("Build, in Denominator,", denominator, batch, null))
                    : numerator;
        }
    }

    private static Lattice Watched(Lattice lattice, WatchedTensors watched)
    {
        watched.Watch("the arcs' scores", lattice.Arcs.Scores);
        if (lattice.Arcs is IndexedArcs indexed) watched.Watch("the arcs' sources", indexed.Sources);
        return new Lattice(
            watched.Watch("the lattice's labels", lattice.Labels),
            lattice.Arcs,
            watched.Watch("the initial scores", lattice.Initial),
            watched.Watch("the final scores", lattice.Final),
            watched.Watch("the scores of the empty path", lattice.Empty))
        {
            Positions = lattice.Positions is { } positions ? watched.Watch("the positions of the states", positions) : null,
            Silence = lattice.Silence,
        };
    }

    private static IEnumerable<Given> OfLattice(string by, Lattice lattice, Batch batch, long? states)
    {
        long[] rows = [batch.Size, states ?? lattice.Labels.shape[^1]];
        yield return new($"{by} (labels)", lattice.Labels, rows, torch.int64, batch.Tokens + (lattice.Classes?.Count ?? 0));
        yield return new($"{by} (initial scores)", lattice.Initial, rows, null);
        yield return new($"{by} (final scores)", lattice.Final, rows, null);
        yield return new($"{by} (scores of the empty path)", lattice.Empty, [batch.Size], null);
        if (lattice.Classes is { } classes)
        {
            long[] each = [batch.Size, classes.Count], listed = [.. each, classes.Tokens.shape[^1]];
            yield return new($"{by} (weights of the rest of the classes)", classes.Rest, each, null);
            yield return new($"{by} (listed tokens of the classes, plus 1)", classes.Tokens + 1, listed, torch.int64, batch.Tokens + 1);
            yield return new($"{by} (weights of the listed tokens of the classes)", classes.Weights, listed, null);
        }

        long[] scores = lattice.Arcs.Scores.shape;
        long[] slots = [.. scores.Length == 4 ? [Math.Max(scores[0], batch.Frames.Append(0).Max())] : Array.Empty<long>(),
            scores.Length < 3 ? 1 : scores[^3], .. rows];
        if (lattice.Arcs is BandedArcs banded) slots[^3] = banded.Offsets.Count;
        yield return new($"{by} (arc scores)", lattice.Arcs.Scores, slots, null);
        if (lattice.Arcs is IndexedArcs indexed) yield return new($"{by} (sources of arcs)", indexed.Sources, slots[^3..], torch.int64, rows[1]);
    }
}

/// <summary>A tensor that a part returned.</summary>
/// <param name="By">The method and the name of the result.</param>
/// <param name="Tensor">The result.</param>
/// <param name="Shape">The expected shape.</param>
/// <param name="Type">The expected type; null for any floating type.</param>
/// <param name="Bound">The exclusive upper bound of numbers from 0; 0 for no bound.</param>
internal sealed record Given(string By, Tensor Tensor, long[] Shape, torch.ScalarType? Type = torch.ScalarType.Float64, long Bound = 0)
{
    public string? Fault()
    {
        if (Tensor is null) return $"{By} gives null; expected a tensor";
        if (!Tensor.shape.SequenceEqual(Shape)) return $"{By} gives shape [{string.Join(", ", Tensor.shape)}]; expected [{string.Join(", ", Shape)}]";
        bool fits = Type is { } type ? Tensor.dtype == type : Tensor.is_floating_point();
        if (!fits) return $"{By} gives {Tensor.dtype} for scores of Float64; expected {(Type is { } wanted ? $"{wanted}" : "a floating type")}";
        if (Bound == 0)
        {
            return Tensor.numel() > 0 && Tensor.isnan().any().item<bool>() ? $"{By} gives NaN; expected numbers" : null;
        }

        if (Tensor.numel() == 0) return null;
        (long low, long high) = (Tensor.min().item<long>(), Tensor.max().item<long>());
        return low < 0 || high >= Bound
            ? $"{By} gives {(low < 0 ? low : high)}; expected {(Bound == long.MaxValue ? "numbers from 0 on" : $"numbers in [0, {Bound})")}"
            : null;
    }
}
