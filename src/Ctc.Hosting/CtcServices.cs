using Ctc.Engine.Topologies;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Hosting;

/// <summary>Brings parts into a service collection, each as a keyed <see cref="PartFactory{TPoint}"/> under its name.</summary>
public static class CtcServices
{
    /// <summary>
    /// Adds what the engine has built in: the topologies <c>ctc</c>, <c>modified</c>, <c>no-blank</c>, <c>selfless</c> and <c>graph</c>, and
    /// the <see cref="PartCatalog"/> over all parts.
    /// </summary>
    /// <param name="services">Changed.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcEngine(this IServiceCollection services) => services
        .AddSingleton<PartCatalog>()
        .AddCtcPart<ITopology, CtcTopology>(_ => new CtcTopology())
        .AddCtcPart<ITopology, ModifiedTopology>(_ => new ModifiedTopology())
        .AddCtcPart<ITopology, NoBlankTopology>(_ => new NoBlankTopology())
        .AddCtcPart<ITopology, SelflessTopology>(_ => new SelflessTopology())
        .AddCtcPart<ITopology, GraphTopology>(_ => new GraphTopology());

    /// <summary>Adds a part that is compiled into the host.</summary>
    /// <typeparam name="TPoint">Its extension point.</typeparam>
    /// <typeparam name="TPart">A class with a <see cref="PartAttribute"/>.</typeparam>
    /// <param name="services">Changed.</param>
    /// <param name="create">Makes the part from an instance of its options type.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcPart<TPoint, TPart>(this IServiceCollection services, Func<object, TPart> create)
        where TPoint : IPart
        where TPart : TPoint =>
        services.Add(new PartFactory<TPoint>(new PartMetadata(typeof(TPart)), null, options => create(options)));

    /// <summary>Adds the parts of all good plugins.</summary>
    /// <param name="services">Changed. What the host has built in comes first.</param>
    /// <param name="catalog">Plugins that were discovered.</param>
    /// <returns>The same collection. A name that several plugins bring at one point is in the catalog, where it is refused, and no keyed service.</returns>
    public static IServiceCollection AddCtcPlugins(this IServiceCollection services, PluginCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        foreach (PartFactory part in catalog.Plugins.SelectMany(plugin => plugin.Parts)) services.Add(part);
        return services;
    }

    private static IServiceCollection Add(this IServiceCollection services, PartFactory part)
    {
        bool IsTwin(ServiceDescriptor other) => other.IsKeyedService && other.ServiceType == part.GetType() && Equals(other.ServiceKey, part.Metadata.Name);
        bool taken = services.Any(other => other.ServiceType == typeof(PartFactory) && other.ImplementationInstance is PartFactory known
            && known.Point == part.Point && known.Metadata.Name == part.Metadata.Name);
        if (taken)
        {
            foreach (ServiceDescriptor twin in services.Where(IsTwin).ToArray()) services.Remove(twin);
        }
        else
        {
            services.AddKeyedSingleton(part.GetType(), part.Metadata.Name, part);
        }

        return services.AddSingleton(part);
    }
}
