using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ctc.Hosting;

/// <summary>Registers parts: each is a keyed <see cref="PartFactory{TPoint}"/> under its name.</summary>
public static class CtcServices
{
    /// <summary>Registers parts, and the <see cref="PartCatalog"/> over all registered parts.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="parts">Factories of any extension points.</param>
    /// <returns>
    /// The same collection. If several parts of one extension point have the same name, resolving that name throws a <see cref="PluginException"/>
    /// that names their files.
    /// </returns>
    public static IServiceCollection AddCtcParts(this IServiceCollection services, IEnumerable<PartFactory> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        services.TryAddSingleton<PartCatalog>();
        foreach (PartFactory part in parts)
        {
            services.AddSingleton(part);
            (Type point, string name) = (part.Point, part.Metadata.Name);
            services.TryAddKeyedSingleton(part.GetType(), name, (provider, _) => PartCatalog.Only(provider, point, name));
        }

        return services;
    }

    /// <summary>Registers a part that is compiled into the host.</summary>
    /// <typeparam name="TPoint">Its extension point.</typeparam>
    /// <typeparam name="TPart">A class with a <see cref="PartAttribute"/>.</typeparam>
    /// <param name="services">The collection to add to.</param>
    /// <param name="create">Creates the part from an instance of its options type.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcPart<TPoint, TPart>(this IServiceCollection services, Func<object, TPart> create)
        where TPoint : IPart
        where TPart : TPoint =>
        services.AddCtcParts([new PartFactory<TPoint>(new PartMetadata(typeof(TPart)), null, options => create(options))]);

    /// <summary>Registers the parts of all usable plugins, and the catalog of plugins itself.</summary>
    /// <param name="services">The collection to add to. Built-in parts are registered first.</param>
    /// <param name="catalog">The discovered plugins.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcPlugins(this IServiceCollection services, PluginCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return services.AddSingleton(catalog).AddCtcParts(catalog.Plugins.SelectMany(plugin => plugin.Parts));
    }
}
