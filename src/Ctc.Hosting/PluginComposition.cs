using System.Composition;
using System.Composition.Convention;
using System.Composition.Hosting;
using System.Composition.Hosting.Core;
using System.Reflection;

namespace Ctc.Hosting;

/// <summary>The parts of one plugin, and the container that creates them.</summary>
/// <remarks>Each plugin has a container of its own: a part that cannot be composed makes its whole container unusable.</remarks>
internal sealed class PluginComposition
{
    private static readonly MethodInfo FactoryAt =
        typeof(PluginComposition).GetMethod(nameof(FactoryOf), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly IReadOnlyList<Type> parts;
    private readonly OptionsProvider options;
    private readonly PluginFile file;
    private readonly PluginWatch? watch;
    private readonly Lazy<CompositionHost> container;

    /// <summary>Reads the parts from the metadata. None of the plugin's code runs before a part is created.</summary>
    /// <param name="assembly">The plugin.</param>
    /// <param name="file">Its file.</param>
    /// <param name="watch">Observes the creation of its parts; null if nothing does.</param>
    /// <exception cref="PluginException">A class breaks the rules of parts, or there is none.</exception>
    public PluginComposition(Assembly assembly, PluginFile file, PluginWatch? watch)
    {
        (this.file, this.watch) = (file, watch);
        parts = PartClasses.Among(assembly.GetTypes());
        options = new OptionsProvider([.. parts.Select(part => part.GetCustomAttribute<PartAttribute>()!.Options)]);
        container = new Lazy<CompositionHost>(Compose);
    }

    /// <summary>All parts at all extension points, none of them created yet.</summary>
    public IReadOnlyList<PartFactory> Factories() =>
    [
        .. from point in ExtensionPoint.All
           from part in parts
           where part.IsAssignableTo(point.Interface)
           select (PartFactory)FactoryAt.MakeGenericMethod(point.Interface).Invoke(this, [part])!,
    ];

    // Composition creates all attributes of the classes, those of the plugin too.
    private CompositionHost Compose()
    {
        var conventions = new ConventionBuilder();
        conventions.ForTypesDerivedFrom<IPart>().SelectConstructor(constructors => constructors.Single(constructor => constructor.IsPublic));
        foreach (ExtensionPoint point in ExtensionPoint.All)
        {
            conventions.ForTypesDerivedFrom(point.Interface).Export(export => export.AsContractType(point.Interface).AsContractName(NameOf));
        }

        return new ContainerConfiguration().WithParts(parts, conventions).WithProvider(options).CreateContainer();
    }

    private static string NameOf(Type part) => part.FullName!;

    private PartFactory<TPoint> FactoryOf<TPoint>(Type part)
        where TPoint : IPart
    {
        var metadata = new PartMetadata(part);
        return new PartFactory<TPoint>(metadata, file, chosen => Create<TPoint>(part, metadata.Name, chosen)) { Watch = watch };
    }

    private TPoint Create<TPoint>(Type part, string name, object chosen)
    {
        try
        {
            return options.Offer(chosen, () => container.Value.GetExport<ExportFactory<TPoint>>(NameOf(part)).CreateExport().Value);
        }
        catch (Exception failure)
        {
            string where = $"the {ExtensionPoint.From(typeof(TPoint)).Noun} '{name}' of {file.Path}";
            throw new PluginException($"{where} could not be created: {RootCause.Describe(failure)}", failure);
        }
    }

    /// <summary>Passes the options of the part that is being created to its constructor.</summary>
    private sealed class OptionsProvider(HashSet<Type> types) : ExportDescriptorProvider
    {
        private readonly Lock gate = new();
        private object? current;

        private ExportDescriptor Descriptor => ExportDescriptor.Create((_, _) => current!, NoMetadata);

        public T Offer<T>(object chosen, Func<T> create)
        {
            lock (gate)
            {
                current = chosen;
                return create();
            }
        }

        public override IEnumerable<ExportDescriptorPromise> GetExportDescriptors(
            CompositionContract contract, DependencyAccessor descriptorAccessor) =>
            types.Contains(contract.ContractType)
                ? [new ExportDescriptorPromise(contract, "the experiment", false, NoDependencies, _ => Descriptor)]
                : NoExportDescriptors;
    }
}
