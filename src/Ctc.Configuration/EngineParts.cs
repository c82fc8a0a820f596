using Ctc.Engine.Decoding;
using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Metrics;
using Ctc.Engine.Topologies;
using Ctc.Engine.Transducers;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Configuration;

/// <summary>The parts of the engine.</summary>
/// <remarks>
/// The topologies <c>ctc</c>, <c>modified</c>, <c>no-blank</c>, <c>selfless</c>, <c>graph</c>, <c>lexicon</c> and <c>transducer</c>; the schedules
/// <c>linear</c>, <c>cosine</c>, <c>exponential</c>, <c>steps</c> and <c>plateau</c>; the decoders <c>best-path</c>, <c>prefix-beam</c> and
/// <c>transducer-beam</c>; the language model <c>arpa</c>; the metrics <c>token-error-rate</c>, <c>word-error-rate</c> and <c>exact-match</c>.
/// </remarks>
public static class EngineParts
{
    /// <summary>Gets a factory for each part.</summary>
    public static IReadOnlyList<PartFactory> Factories { get; } =
    [
        Factory<ITopology, CtcTopology>(_ => new CtcTopology()),
        Factory<ITopology, ModifiedTopology>(_ => new ModifiedTopology()),
        Factory<ITopology, NoBlankTopology>(options => new NoBlankTopology((NoBlankOptions)options)),
        Factory<ITopology, SelflessTopology>(_ => new SelflessTopology()),
        Factory<ITopology, GraphTopology>(_ => new GraphTopology()),
        Factory<ITopology, LexiconTopology>(options => new LexiconTopology((LexiconOptions)options)),
        Factory<ITopology, TransducerTopology>(options => new TransducerTopology((TransducerOptions)options)),
        Factory<ISchedule, LinearSchedule>(options => (LinearSchedule)options),
        Factory<ISchedule, CosineSchedule>(options => (CosineSchedule)options),
        Factory<ISchedule, ExponentialSchedule>(options => (ExponentialSchedule)options),
        Factory<ISchedule, StepSchedule>(options => (StepSchedule)options),
        Factory<ISchedule, PlateauSchedule>(options => (PlateauSchedule)options),
        Factory<IDecoder, BestPathDecoder>(_ => new BestPathDecoder()),
        Factory<IDecoder, PrefixBeamDecoder>(options => new PrefixBeamDecoder((PrefixBeamOptions)options)),
        Factory<IDecoder, TransducerBeamDecoder>(options => new TransducerBeamDecoder((TransducerBeamOptions)options)),
        Factory<ILanguageModel, ArpaLanguageModel>(options => new ArpaLanguageModel((ArpaOptions)options)),
        Factory<IMetric, TokenErrorRate>(_ => new TokenErrorRate()),
        Factory<IMetric, WordErrorRate>(options => new WordErrorRate((WordErrorRateOptions)options)),
        Factory<IMetric, ExactMatch>(_ => new ExactMatch()),
    ];

    /// <summary>Gets a catalog of only these parts.</summary>
    public static PartCatalog Catalog { get; } =
        new ServiceCollection().AddCtcParts(Factories).BuildServiceProvider().GetRequiredService<PartCatalog>();

    /// <summary>Registers the parts, and the <see cref="PartCatalog"/> over all registered parts.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcEngine(this IServiceCollection services) => services.AddCtcParts(Factories);

    private static PartFactory<TPoint> Factory<TPoint, TPart>(Func<object, TPart> create)
        where TPoint : IPart
        where TPart : TPoint => new(new PartMetadata(typeof(TPart)), null, options => create(options));
}
