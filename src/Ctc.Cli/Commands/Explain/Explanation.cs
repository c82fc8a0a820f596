using System.Text;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Explain;

/// <summary>What an experiment means, in a formula and in words. Runs nothing.</summary>
public static class Explanation
{
    /// <summary>Explains an experiment.</summary>
    /// <param name="experiment">With its parts looked up.</param>
    /// <returns>Lines of text.</returns>
    public static string Of(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ObjectiveConfiguration objective = experiment.Objective;
        var text = new StringBuilder();
        text.AppendLine($"{experiment.Name} minimises {Reduced(objective)}, where for each utterance b");
        text.AppendLine();
        text.AppendLine($"  loss_b = {Loss(objective)}");
        if (objective.Targets.Count > 0) text.AppendLine("  base   = L + Σ_t Σ_v (γ − ω_t γ')·y     with γ, γ', ω held constant: its gradient is −ωγ'");
        text.AppendLine();

        Describe(text, "L", objective.Topology);
        for (int i = 0; i < objective.Emissions.Count; i++) Describe(text, "y", objective.Emissions[i]);
        for (int i = 0; i < objective.Lattice.Count; i++) Describe(text, "arcs", objective.Lattice[i]);
        for (int i = 0; i < objective.Targets.Count; i++) Describe(text, "γ', ω", objective.Targets[i]);
        for (int i = 0; i < objective.Weighting.Count; i++) Describe(text, Numbered("w", objective.Weighting, i), objective.Weighting[i]);
        for (int i = 0; i < objective.Auxiliary.Count; i++) Describe(text, Numbered("a", objective.Auxiliary, i), objective.Auxiliary[i]);

        text.AppendLine("  An utterance without an alignment: " + KebabCase.Of(objective.Infeasible) + $". Recursion: {Recursion(experiment)}.");
        text.AppendLine();
        Describe(text, "data", experiment.Data);
        Describe(text, "model", experiment.Model);
        text.AppendLine($"  train  {CanonicalJson.Compact(CanonicalJson.Of(experiment.Train))}, seed {experiment.Seed}");
        text.AppendLine();
        text.AppendLine($"Identity {RunIdentity.Compute(experiment, Numerics.Version)}");
        return text.ToString();
    }

    // What holds for one target holds for all: a topology has one kind of arcs.
    private static string Recursion(Experiment experiment)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = experiment.Objective.Topology.Create<ITopology>();
        ObjectiveConfiguration objective = experiment.Objective;
        string? reason;
        bool inOnePass;
        try
        {
            Lattices lattices = topology.Build(new Batch([[1]], [1], tokens: 2));
            reason = Engine.Recursions.Recursion.WhyNotFused(lattices.Numerator, Devices.Choose(experiment.Device));
            inOnePass = lattices.Denominator is null && objective.Emissions.Count + objective.Targets.Count + objective.Auxiliary.Count == 0;
        }
        finally
        {
            (topology as IDisposable)?.Dispose();
        }

        if (reason is not null) return $"differentiable, because {reason}";
        return inOnePass ? $"fused, and with {Engine.Objectives.Objective.LargeVocabulary} tokens or more in one pass from logits" : "fused";
    }

    private static string Reduced(ObjectiveConfiguration objective) => objective.Reduction switch
    {
        Engine.Objectives.Reduction.Sum => "Σ_b loss_b",
        Engine.Objectives.Reduction.Mean => "(1/B) Σ_b loss_b / max(U_b, 1)",
        Engine.Objectives.Reduction.MeanToken => "Σ_b loss_b / Σ_b U_b",
        Engine.Objectives.Reduction.MeanFrame => "Σ_b loss_b / Σ_b N_b",
        _ => "(1/B) Σ_b loss_b",
    };

    private static string Loss(ObjectiveConfiguration objective)
    {
        IEnumerable<string> shares = objective.Auxiliary.Select((_, i) => $"share({Numbered("a", objective.Auxiliary, i)})");
        IEnumerable<string> weights = objective.Weighting.Select((_, i) => Numbered("w", objective.Weighting, i));
        string product = string.Join(" · ", [.. shares, .. weights, objective.Targets.Count > 0 ? "base" : "L"]);
        return string.Join(" + ", [product, .. objective.Auxiliary.Select((_, i) => Numbered("a", objective.Auxiliary, i))]);
    }

    private static string Numbered(string letter, IReadOnlyList<PartChoice> parts, int i) => parts.Count == 1 ? letter : $"{letter}{i + 1}";

    private static void Describe(StringBuilder text, string letter, PartChoice part)
    {
        PartMetadata said = part.Factory.Metadata;
        text.AppendLine($"  {letter,-6} {said.Name} {CanonicalJson.Compact(CanonicalJson.Of(part.Options))}");
        if (said.Formula.Length > 0) text.AppendLine($"         {said.Formula}");
        if (said.Summary.Length > 0) text.AppendLine($"         {said.Summary}");
        if (said.Paper.Length > 0) text.AppendLine($"         {said.Paper}.");
        if (part.Factory.Origin is { } origin) text.AppendLine($"         {origin.Name} {origin.Version}, {origin.Path}, sha256 {origin.Sha256[..12]}");
        text.AppendLine();
    }
}
