using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Bench;

/// <summary>
/// The cost of a variant relative to plain CTC: loss and gradient of whole objectives, in turns, on random log-probabilities in float32.
/// </summary>
public static class VariantBenchmark
{
    private const string SmoothedAndFocal = "{ targets: [label-smoothing], weighting: [focal] }";

    /// <summary>Measures plain CTC, target smoothing with a focal weighting, and Viterbi.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <param name="catalog">The available parts; without the plugins of smoothing and focusing their variants are left out.</param>
    /// <returns>Medians, plain CTC first.</returns>
    public static IReadOnlyList<VariantCost> Measure(BenchmarkShape shape, int threads, int repetitions, PartCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads<IReadOnlyList<VariantCost>>(threads, () =>
        {
            BenchmarkBatch drawn = shape.Draw();
            using var plain = new Objective(new ObjectiveParts(), infeasible: InfeasiblePolicy.Zero);
            var ways = new List<Action<Interleaved.Clock>> { clock => Time(clock, "plain", plain) };
            using Objective? variant = Variant(catalog);
            if (variant is not null) ways.Add(clock => Time(clock, "label-smoothing and focal", variant));
            ways.Add(clock => clock.Time("viterbi", drawn.Align));
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(repetitions, [.. ways]);
            return [.. medians.Select(median => new VariantCost(median.Key, threads, median.Value.Ms, median.Value.Ms / medians["plain"].Ms))];

            void Time(Interleaved.Clock clock, string name, Objective objective) => drawn.Time(
                clock, name, logProbs => objective.Evaluate(logProbs, drawn.Batch, InputKind.LogProbs).Loss);
        });
    }

    /// <summary>Measures plain CTC and, beside it, each part of an objective at its default options, from logits.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <param name="catalog">The available parts.</param>
    /// <param name="names">The names of the parts; none for all.</param>
    /// <exception cref="InvalidDataException">A name is that of no part of an objective.</exception>
    /// <returns>
    /// Medians, plain CTC first; and the parts that are left out, with the reason: options that have no default, streams, a second view or tokens
    /// that a random batch has not.
    /// </returns>
    public static (IReadOnlyList<VariantCost> Costs, IReadOnlyList<(string Name, string Reason)> LeftOut) MeasureEach(
        BenchmarkShape shape, int threads, int repetitions, PartCatalog catalog, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(names);
        PartFactory[] parts = [.. catalog.All.Where(part => ExtensionPoint.From(part.Point).Role is not null)];
        if (names.FirstOrDefault(name => parts.All(part => part.Metadata.Name != name)) is { } unknown)
        {
            throw new InvalidDataException($"--variants names '{unknown}', which is no part of an objective; ctc plugins list shows the parts.");
        }

        if (names.Count > 0) parts = [.. parts.Where(part => names.Contains(part.Metadata.Name))];
        return Interleaved.OnThreads<(IReadOnlyList<VariantCost>, IReadOnlyList<(string, string)>)>(threads, () =>
        {
            BenchmarkBatch drawn = shape.Draw();
            var objectives = new List<(string Name, Objective Objective)> { ("plain", new Objective(new ObjectiveParts())) };
            var leftOut = new List<(string, string)>();
            foreach (PartFactory part in parts)
            {
                ExtensionPoint point = ExtensionPoint.From(part.Point);
                string text = point.IsList ? $"{{ {point.Key}: [{part.Metadata.Name}] }}" : $"{{ {point.Key}: {part.Metadata.Name} }}";
                try
                {
                    using DisposeScope scope = torch.NewDisposeScope();
                    Objective objective = ObjectiveConfiguration.Parse(text, "bench", ".", catalog).Create();
                    drawn.Gradient(Loss(objective));
                    objectives.Add((part.Metadata.Name, objective));
                }
                catch (Exception refused) when (refused is ConfigurationException or ArgumentException or InvalidOperationException or CtcException)
                {
                    leftOut.Add((part.Metadata.Name, refused.Message));
                }
            }

            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(
                repetitions, [.. objectives.Select<(string Name, Objective Objective), Action<Interleaved.Clock>>(
                    one => clock => drawn.Time(clock, one.Name, Loss(one.Objective)))]);
            foreach ((_, Objective objective) in objectives) objective.Dispose();
            double plain = medians["plain"].Ms;
            return ([.. medians.Select(median => new VariantCost(median.Key, threads, median.Value.Ms, median.Value.Ms / plain))], leftOut);

            Func<Tensor, Tensor> Loss(Objective objective) => logits => objective.Evaluate(logits, drawn.Batch).Loss;
        });
    }

    private static Objective? Variant(PartCatalog catalog)
    {
        try
        {
            return ObjectiveConfiguration.Parse(SmoothedAndFocal, "bench", ".", catalog).Create();
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}

/// <summary>The cost of one variant.</summary>
/// <param name="Name">The name of the variant.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="Ms">The median, in milliseconds.</param>
/// <param name="RatioToPlain">Its time relative to loss and gradient of plain CTC.</param>
public sealed record VariantCost(string Name, int Threads, double Ms, double RatioToPlain);
