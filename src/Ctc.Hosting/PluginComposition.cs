using System.Composition;
using System.Composition.Convention;
using System.Composition.Hosting;
using System.Composition.Hosting.Core;
using System.Reflection;

namespace Ctc.Hosting;

/// <summary>The composition container of one plugin: a part that cannot be composed makes its whole container unusable.</summary>
internal sealed class PluginComposition
{
    private static readonly MethodInfo FactoriesAt =
        typeof(PluginComposition).GetMethod(nameof(FactoriesOf), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly CompositionHost container;
    private readonly OptionsProvider options;
    private readonly PluginFile file;

    public PluginComposition(Assembly assembly, PluginFile file)
    {
        this.file = file;
        IReadOnlyList<Type> parts = PartClasses.Among(assembly.GetTypes());
        var conventions = new ConventionBuilder();
        conventions.ForTypesDerivedFrom<IPart>().SelectConstructor(constructors => constructors.Single(constructor => constructor.IsPublic));
        foreach (ExtensionPoint point in ExtensionPoint.All)
        {
            conventions.ForTypesDerivedFrom(point.Interface).Export(export => Describe(export.AsContractType(point.Interface)));
        }

        options = new OptionsProvider([.. parts.Select(part => part.GetCustomAttribute<PartAttribute>()!.Options)]);
        container = new ContainerConfiguration().WithParts(parts, conventions).WithProvider(options).CreateContainer();
    }

    /// <summary>All parts at all extension points, none of them created yet.</summary>
    public IReadOnlyList<PartFactory> Factories() =>
        [.. ExtensionPoint.All.SelectMany(point => (IEnumerable<PartFactory>)FactoriesAt.MakeGenericMethod(point.Interface).Invoke(this, null)!)];

    // The attribute's properties become the export's metadata.
    private static void Describe(ExportConventionBuilder export)
    {
        foreach (PropertyInfo property in typeof(PartMetadata).GetProperties())
        {
            PropertyInfo source = typeof(PartAttribute).GetProperty(property.Name)!;
            export.AddMetadata(property.Name, type => source.GetValue(type.GetCustomAttribute<PartAttribute>()));
        }
    }

    private PartFactory[] FactoriesOf<TPoint>()
        where TPoint : IPart =>
    [
        .. container.GetExports<ExportFactory<TPoint, PartMetadata>>().Select(export =>
            new PartFactory<TPoint>(export.Metadata, file, chosen => Create(export, chosen))),
    ];

    private TPoint Create<TPoint>(ExportFactory<TPoint, PartMetadata> export, object chosen)
    {
        try
        {
            return options.Offer(chosen, () => export.CreateExport().Value);
        }
        catch (Exception failure)
        {
            string part = $"the {ExtensionPoint.From(typeof(TPoint)).Noun} '{export.Metadata.Name}' of {file.Path}";
            throw new PluginException($"{part} could not be created: {RootCause.Describe(failure)}", failure);
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
