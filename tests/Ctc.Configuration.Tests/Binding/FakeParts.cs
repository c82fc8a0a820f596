using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Configuration.Tests.Binding;

/// <summary>Parts that are chosen but, except for the data source, never created. They have an option of every kind.</summary>
internal static class FakeParts
{
    public static PluginFile FocalPlugin { get; } = new("/plugins/Focal.dll", "1.0", new string('f', 64));

    public static PluginFile RisingPlugin { get; } = new("/plugins/Rising.dll", "1.0", new string('r', 64));

    public static PartCatalog Catalog { get; } = CatalogWith(FocalPlugin);

    public static PartCatalog CatalogWith(PluginFile focal) => Registered(
    [
        Data("lines", typeof(LinesOptions)),
        Data("synthetic", typeof(SyntheticOptions)),
        Part<IDataTransform>("halves", typeof(NoOptions)),
        Part<IEncoder>("bilstm", typeof(BilstmOptions)),
        Part<IEncoder>("conv", typeof(ConvOptions)),
        Part<ITopology>("ctc", typeof(NoOptions)),
        Part<ITopology>("star", typeof(StarOptions)),
        Part<ITargetTransform>("label-smoothing", typeof(SmoothingOptions)),
        Part<ILossWeighting>("focal", typeof(FocalOptions), focal),
        Part<ILossWeighting>("length", typeof(NoOptions)),
        Part<ILossWeighting>("twice", typeof(NoOptions), new PluginFile("/plugins/A.dll", "1.0", "a")),
        Part<ILossWeighting>("twice", typeof(NoOptions), new PluginFile("/plugins/B.dll", "1.0", "b")),
        Part<IAuxiliaryTerm>("everything", typeof(EverythingOptions)),
        Part<IAuxiliaryTerm>("checked", typeof(CheckedOptions)),
        Part<IAuxiliaryTerm>("positional", typeof(PositionalOptions)),
        Part<IAuxiliaryTerm>("timed", typeof(TimedOptions)),
    ]);

    /// <summary>A minimal experiment, with a data source <c>synthetic</c> that has these options.</summary>
    public static PartCatalog CatalogWith<TOptions>(IDataSource? source = null) => Registered(
    [
        Data("synthetic", typeof(TOptions), source),
        Part<IEncoder>("bilstm", typeof(BilstmOptions)),
        Part<ITopology>("ctc", typeof(NoOptions)),
    ]);

    // The parts of every experiment that names no others.
    private static IEnumerable<PartFactory> Defaults =>
    [
        .. EngineParts.Factories.Where(part => part.Point != typeof(ITopology)),
        Part<ILanguageModel>("even", typeof(NoOptions)),
        Part<IOptimizer>("adamw", typeof(DecayOptions)),
        Part<IOptimizer>("rmsprop", typeof(MomentumOptions)),
        new PartFactory<ISchedule>(
            new PartMetadata { Name = "rising", Options = typeof(RisingOptions) }, RisingPlugin, options => new Rising((RisingOptions)options)),
    ];

    private static PartCatalog Registered(PartFactory[] parts) =>
        new ServiceCollection().AddCtcParts([.. parts, .. Defaults]).BuildServiceProvider().GetRequiredService<PartCatalog>();

    private static PartFactory<TPoint> Part<TPoint>(string name, Type options, PluginFile? origin = null)
        where TPoint : IPart => new(new PartMetadata { Name = name, Options = options }, origin, _ => throw new NotSupportedException());

    private static PartFactory<IDataSource> Data(string name, Type options, IDataSource? source = null) =>
        new(new PartMetadata { Name = name, Options = options }, null, _ => source ?? new NoData());

    /// <summary>The number of steps, from <see cref="RisingOptions.From"/>.</summary>
    private sealed class Rising(RisingOptions options) : ISchedule
    {
        public bool DependsOnLength => options.Whole;

        public double At(Progress progress) => options.From + progress.Step;
    }

    internal sealed record RisingOptions
    {
        [ScheduleValue]
        public double From { get; init; }

        public double Elsewhere { get; init; } = 1000; // no value of the schedule

        public bool Whole { get; init; }
    }

    /// <summary>A data source without data.</summary>
    /// <param name="files">The files that it reports as found by itself.</param>
    internal sealed class NoData(params IReadOnlyList<string> files) : IDataSource
    {
        public IReadOnlyList<string> DataFiles() => files;

        public Dataset Load() => throw new NotSupportedException();

        public Utterance Read(string file) => throw new NotSupportedException();
    }
}
