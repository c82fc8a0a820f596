using System.Globalization;
using System.Text;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Engine.Transducers;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Explain;

/// <summary>Describes an experiment by its formula and in words, without running it.</summary>
public static class Explanation
{
    /// <summary>Explains an experiment.</summary>
    /// <param name="experiment">An experiment whose parts are looked up.</param>
    /// <returns>Lines of text.</returns>
    public static string Describe(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ObjectiveConfiguration objective = experiment.Objective;
        var text = new StringBuilder();
        text.AppendLine($"{experiment.Name} minimises {Reduced(objective)}, where for each utterance b");
        text.AppendLine();
        text.AppendLine($"  loss_b = {Weighted(objective)}");
        if (objective.Heads.Select(head => head.Chosen).Prepend(objective.Chosen).Any(HasGradient))
        {
            text.AppendLine("  base   = L + Σ_t Σ_v (γ − ω_t γ')·y     with γ, γ', ω held constant: its gradient is −ωγ'");
        }

        text.AppendLine();

        foreach ((string symbol, PartChoice part) in Symbols(objective.Chosen)) Describe(text, symbol, part);
        foreach (PartChoice part in objective.Chosen.At<IDecoder>().Where(IsNoDefault)) Describe(text, "decoder", part);
        foreach (PartChoice part in objective.Chosen.At<ILanguageModel>()) Describe(text, "language", part);
        foreach (HeadConfiguration head in objective.Heads)
        {
            text.AppendLine($"  The head on the stream {Printable.Line(head.Stream)}:");
            text.AppendLine();
            foreach ((string symbol, PartChoice part) in Symbols(head.Chosen)) Describe(text, symbol, part);
        }

        text.AppendLine("  An utterance without an alignment: " + KebabCase.From(objective.Infeasible) + $". Recursion: {Recursion(experiment)}.");
        text.AppendLine($"  Logits: {Logits(experiment)}.");
        text.AppendLine();
        foreach (PartChoice part in experiment.Chosen.All.Where(IsNoDefault)) Describe(text, ExtensionPoint.From(part.Factory.Point).Key, part);
        string metrics = string.Join(", ", experiment.Metrics.Select(part => part.Factory.Metadata.Name));
        string decoder = objective.Chosen.At<IDecoder>().Single().Factory.Metadata.Name;
        text.AppendLine($"  metrics {metrics}, by the decoder {decoder}; {Criterion(experiment.Train.BestBy)} chooses the best epoch");
        if (experiment.Alignment != new AlignmentConfiguration()) text.AppendLine($"  edges   {Edges(experiment.Alignment)}");
        foreach (PartChoice part in experiment.Train.Chosen.All) Describe(text, ExtensionPoint.From(part.Factory.Point).Key, part);
        IEnumerable<SchedulePart> schedules = experiment.Schedules.Select(ScheduleReader.Describe).OfType<SchedulePart>();
        foreach (SchedulePart part in schedules.DistinctBy(part => part.Metadata.Name)) Describe(text, "schedule", part);
        text.AppendLine($"  train  {CanonicalJson.Compact(CanonicalJson.From(experiment.Train))}, seed {experiment.Seed}");
        text.AppendLine();
        text.AppendLine($"Identity {RunIdentity.Compute(experiment, Numerics.Version)}");
        return text.ToString();
    }

    private static string Criterion(EpochCriterion criterion) => criterion switch
    {
        EpochCriterion.Loss => "the loss",
        EpochCriterion.BoundaryError => "the median boundary error",
        _ => "the first",
    };

    private static string Edges(AlignmentConfiguration alignment)
    {
        string of = alignment.Head is { } head ? $"of the alignment of the head {Printable.Line(head)}" : "of the alignment of the objective";
        return $"{alignment.Edges.ToString().ToLowerInvariant()}, {of}";
    }

    // One target is enough: all lattices of an objective have the same kind of arcs.
    private static string Recursion(Experiment experiment)
    {
        if (experiment.Objective.IsTransducer) return Devices.Choose(experiment.Device).type == DeviceType.CPU ? "fused" : "differentiable";
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective objective = experiment.Objective.Create();
        EvaluationPlan plan = objective.Plan(new Batch([[1]], [1], tokens: 2), device: Devices.Choose(experiment.Device));
        return string.Join(". ", [Recursion(plan), .. plan.Heads.Select(head => $"Of the head {Printable.Line(head.Key)}: {Recursion(head.Value)}")]);
    }

    private static string Logits(Experiment experiment)
    {
        if (experiment.Objective.IsTransducer)
        {
            bool isMonotonic = experiment.Objective.Chosen.At<ITopology>().Single().Options is TransducerOptions { Monotonic: true };
            bool inChunks = !isMonotonic && Devices.Choose(experiment.Device).type == DeviceType.CPU;
            return "of the joint network, " + (inChunks ? "some frames at a time" : "one tensor");
        }

        LogitsKind kind = experiment.Train.Logits ?? LogitsKind.Auto;
        if (kind == LogitsKind.Whole) return "one tensor, because it is chosen";
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective objective = experiment.Objective.Create();
        EvaluationPlan plan = objective.Plan(new Batch([[1]], [1], tokens: 2), device: Devices.Choose(experiment.Device));
        bool offered = experiment.Model.Create<IEncoder>().EndsInLinearLayer;
        string? reason = offered ? plan.WhyNotInChunks : "the encoder does not give its last layer";
        if (reason is not null) return (kind == LogitsKind.Auto ? "one tensor" : "chunks are chosen and not possible") + $", because {reason}";
        string chunks = "in chunks of frames, from the hidden states and the last layer";
        string cost = plan.WeightingsOfModel.Count == 0
            ? ""
            : $"; a fourth matrix product in chunks, because the weights of {string.Join(" and ", plan.WeightingsOfModel)} depend on the model";
        return (kind == LogitsKind.Chunks
            ? chunks
            : string.Create(CultureInfo.InvariantCulture, $"one tensor, and in batches of {Objective.ManyLogits:N0} or more {chunks}")) + cost;
    }

    private static string Recursion(EvaluationPlan plan)
    {
        var text = new StringBuilder(Recursion(plan.WhyNotFused));
        if (plan.AllowsOnePass) text.Append($", and with {Objective.LargeVocabulary} tokens or more in one pass from logits");
        if (plan.HasDenominator) text.Append($"; of all paths: {Recursion(plan.DenominatorWhyNotFused)}");
        foreach (IGrouping<Needs, DifferentiatedQuantity> read in plan.Differentiated.GroupBy(read => read.Quantity))
        {
            string quantity = read.Key == Needs.Entropy ? "the entropy of the alignment" : "the occupancy";
            string parts = string.Join(" and ", read.Select(quantity => quantity.Part).Distinct());
            string cost = plan.DifferentiatesByFused ? "by a second pass" : "by recorded operations, many times slower";
            text.Append($". For {quantity}: {cost}, because a gradient flows through it in {parts}");
        }

        return text.ToString();
    }

    private static string Recursion(string? whyNotFused) => whyNotFused is null ? "fused" : $"differentiable, because {whyNotFused}";

    private static string Reduced(ObjectiveConfiguration objective) => objective.Reduction switch
    {
        Engine.Objectives.Reduction.Sum => "Σ_b loss_b",
        Engine.Objectives.Reduction.Mean => "(1/B) Σ_b loss_b / max(U_b, 1)",
        Engine.Objectives.Reduction.MeanToken => "Σ_b loss_b / Σ_b U_b",
        Engine.Objectives.Reduction.MeanFrame => "Σ_b loss_b / Σ_b N_b",
        _ => "(1/B) Σ_b loss_b",
    };

    private static string Weighted(ObjectiveConfiguration objective)
    {
        string loss = Loss(objective.Chosen);
        if (objective.Heads.Count == 0 && objective.Weight == 1) return loss;
        IEnumerable<string> heads = objective.Heads
            .Select(head => $"{Weight(head.Weight)} · ({Loss(head.Chosen)}) on {Printable.Line(head.Stream)}");
        return string.Join(" + ", [$"{Weight(objective.Weight)} · ({loss})", .. heads]);
    }

    private static string Weight(Schedule weight) =>
        weight is ConstantSchedule constant
            ? constant.Value.ToString(CultureInfo.InvariantCulture)
            : ScheduleReader.Describe(weight) is { } named ? $"{named.Metadata.Name} {CanonicalJson.Compact(CanonicalJson.From(named.Options))}"
            : weight.ToString();

    private static string Loss(PartChoices chosen)
    {
        ILookup<ObjectiveRole?, string> symbols = Symbols(chosen).ToLookup(part => RoleOf(part.Part), part => part.Symbol);
        IEnumerable<string> shares = symbols[ObjectiveRole.Summand].Select(term => $"share({term})");
        string product = string.Join(" · ", [.. shares, .. symbols[ObjectiveRole.Factor], HasGradient(chosen) ? "base" : "L"]);
        return string.Join(" + ", [product, .. symbols[ObjectiveRole.Summand]]);
    }

    /// <summary>The parts of the objective with their letters; factors and summands are numbered if there are several.</summary>
    private static IEnumerable<(string Symbol, PartChoice Part)> Symbols(PartChoices chosen) =>
        from point in ExtensionPoint.All
        where point.Role is not null
        let parts = chosen[point]
        let isNumbered = point.Role is ObjectiveRole.Factor or ObjectiveRole.Summand && parts.Count > 1
        from part in parts.Index()
        select (isNumbered ? $"{point.Symbol}{part.Index + 1}" : point.Symbol, part.Item);

    private static bool HasGradient(PartChoices chosen) => chosen.All.Any(part => RoleOf(part) == ObjectiveRole.Gradient);

    private static ObjectiveRole? RoleOf(PartChoice part) => ExtensionPoint.From(part.Factory.Point).Role;

    private static bool IsNoDefault(PartChoice part) => !ExtensionPoint.From(part.Factory.Point).Default.Contains(part.Factory.Metadata.Name);

    private static void Describe(StringBuilder text, string letter, PartChoice part)
    {
        text.AppendLine($"  {letter,-6} {part.Factory.Metadata.Name} {CanonicalJson.Compact(CanonicalJson.From(part.Options))}");
        Describe(text, part.Factory.Metadata, part.Factory.Origin);
    }

    // Its options are those of the option whose value it is.
    private static void Describe(StringBuilder text, string letter, SchedulePart part)
    {
        text.AppendLine($"  {letter,-6} {part.Metadata.Name}");
        Describe(text, part.Metadata, part.Origin);
    }

    private static void Describe(StringBuilder text, PartMetadata metadata, PluginFile? file)
    {
        if (metadata.Formula.Length > 0) text.AppendLine($"         {Printable.Line(metadata.Formula)}");
        if (metadata.Summary.Length > 0) text.AppendLine($"         {Printable.Line(metadata.Summary)}");
        if (metadata.Paper.Length > 0) text.AppendLine($"         {Printable.Line(metadata.Paper)}.");
        if (file is { } origin)
        {
            string beside = origin.Files.Count == 0 ? "" : $", with {string.Join(", ", origin.Files.Select(file => file.Name))}";
            text.AppendLine($"         {origin.Name} {origin.Version}, {origin.Path}, sha256 {origin.Digest[..12]}{beside}");
        }

        text.AppendLine();
    }
}
