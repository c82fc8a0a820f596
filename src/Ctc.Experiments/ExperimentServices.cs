using Ctc.Configuration;
using Ctc.Experiments.Augmentations;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Data.Synthesis;
using Ctc.Experiments.Data.TypesetLines;
using Ctc.Experiments.Encoders;
using Ctc.Experiments.Optimizers;
using Ctc.Experiments.Transforms;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Experiments;

/// <summary>Registers the built-in parts of experiments.</summary>
public static class ExperimentServices
{
    /// <summary>
    /// Registers the engine's topologies and the built-in data sources, data transforms, encoders, optimizers and augmentations.
    /// </summary>
    /// <param name="services">Changed.</param>
    /// <param name="cache">Keeps the features of images and sound; by default nothing is kept, and they are computed when they are needed.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcExperiments(this IServiceCollection services, FeatureCache? cache = null) => services
        .AddCtcEngine()
        .AddCtcPart<IDataSource, DigitLinesSource>(options => new DigitLinesSource((DigitLinesOptions)options))
        .AddCtcPart<IDataSource, DrawnLinesSource>(options => new DrawnLinesSource((DrawnLinesOptions)options))
        .AddCtcPart<IDataSource, TypesetLinesSource>(options => new TypesetLinesSource((TypesetLinesOptions)options))
        .AddCtcPart<IDataSource, ManifestSource>(options => new ManifestSource((ManifestOptions)options, cache))
        .AddCtcPart<IDataSource, RecordingsSource>(options => new RecordingsSource((RecordingsOptions)options, cache))
        .AddCtcPart<IDataSource, FliteSource>(options => new FliteSource((FliteOptions)options, cache))
        .AddCtcPart<IDataSource, EspeakSource>(options => new EspeakSource((EspeakOptions)options, cache))
        .AddCtcPart<IDataTransform, PartialLabels>(options => new PartialLabels((PartialLabelsOptions)options))
        .AddCtcPart<IDataTransform, NoisyTranscripts>(options => new NoisyTranscripts((NoisyTranscriptsOptions)options))
        .AddCtcPart<IDataTransform, Framewise>(_ => new Framewise())
        .AddCtcPart<IDataTransform, Subset>(options => new Subset((SubsetOptions)options))
        .AddCtcPart<IEncoder, Bilstm>(options => new Bilstm((BilstmOptions)options))
        .AddCtcPart<IEncoder, Conv>(options => new Conv((ConvOptions)options))
        .AddCtcPart<IEncoder, Tdnn>(options => new Tdnn((TdnnOptions)options))
        .AddCtcPart<IEncoder, Crnn>(options => new Crnn((CrnnOptions)options))
        .AddCtcPart<IEncoder, Torchscript>(options => new Torchscript((TorchscriptOptions)options))
        .AddCtcPart<IOptimizer, Adam>(options => new Adam((AdamOptions)options))
        .AddCtcPart<IOptimizer, AdamW>(options => new AdamW((AdamOptions)options))
        .AddCtcPart<IOptimizer, Sgd>(options => new Sgd((SgdOptions)options))
        .AddCtcPart<IOptimizer, RmsProp>(options => new RmsProp((RmsPropOptions)options))
        .AddCtcPart<IAugmentation, Masks>(options => new Masks((MasksOptions)options))
        .AddCtcPart<IAugmentation, Noise>(options => new Noise((NoiseOptions)options))
        .AddCtcPart<IAugmentation, Gain>(options => new Gain((GainOptions)options))
        .AddCtcPart<IAugmentation, Shift>(options => new Shift((ShiftOptions)options))
        .AddCtcPart<IAugmentation, Slant>(options => new Slant((SlantOptions)options))
        .AddCtcPart<IAugmentation, Scale>(options => new Scale((ScaleOptions)options))
        .AddCtcPart<IAugmentation, Elastic>(options => new Elastic((ElasticOptions)options))
        .AddCtcPart<IAugmentation, Blur>(options => new Blur((BlurOptions)options));
}
