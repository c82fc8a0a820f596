using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Encoders;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Experiments;

/// <summary>Brings what experiments have built in into a service collection.</summary>
public static class ExperimentServices
{
    /// <summary>
    /// Adds the engine, the data sources <c>digit-lines</c>, <c>drawn-lines</c> and <c>manifest</c>, and the encoders <c>bilstm</c> and <c>conv</c>.
    /// </summary>
    /// <param name="services">Changed.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcExperiments(this IServiceCollection services) => services
        .AddCtcEngine()
        .AddCtcPart<IDataSource, DigitLinesSource>(options => new DigitLinesSource((DigitLinesOptions)options))
        .AddCtcPart<IDataSource, DrawnLinesSource>(options => new DrawnLinesSource((DrawnLinesOptions)options))
        .AddCtcPart<IDataSource, ManifestSource>(options => new ManifestSource((ManifestOptions)options))
        .AddCtcPart<IEncoder, Bilstm>(options => new Bilstm((BilstmOptions)options))
        .AddCtcPart<IEncoder, Conv>(options => new Conv((ConvOptions)options));

    /// <summary>All parts at hand: what is built in, and those of good plugins.</summary>
    /// <param name="plugins">Plugins that were discovered.</param>
    /// <returns>A catalog.</returns>
    public static PartCatalog Catalog(PluginCatalog plugins)
    {
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().AddCtcPlugins(plugins).BuildServiceProvider();
        return services.GetRequiredService<PartCatalog>();
    }
}
