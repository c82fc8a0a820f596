using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Hosting;

namespace Ctc.Configuration.Tests.Binding;

public class ObjectiveCompositionTests
{
    private static IEnumerable<ExtensionPoint> OfObjective =>
        ExtensionPoint.All.Where(point => point.Section == ExtensionPoint.ObjectiveSection);

    [Test]
    public void Every_extension_point_of_the_objective_has_its_property()
    {
        string[] properties = [.. OfObjective.Select(point => ObjectiveComposition.PropertyFor(point).Name)];
        IEnumerable<string> settable = typeof(ObjectiveParts).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
        Assert.That(properties, Is.EquivalentTo(settable));
    }

    [Test]
    public void The_keys_of_an_objective_are_those_of_its_extension_points() =>
        Assert.That(
            OptionProperty.AllOf(typeof(ObjectiveConfiguration)).Where(option => option.Point is not null).Select(option => option.Key),
            Is.EqualTo(OfObjective.Select(point => point.Key)));

    [Test]
    public void The_keys_of_an_experiment_are_those_of_the_extension_points_without_a_section() =>
        Assert.That(
            OptionProperty.AllOf(typeof(Experiment)).Where(option => option.Point is not null).Select(option => option.Key),
            Is.EqualTo(ExtensionPoint.All.Where(point => point.Section.Length == 0).Select(point => point.Key)));

    [Test]
    public void Parts_of_one_point_keep_their_order()
    {
        Weighting first = new(), second = new();
        var topology = new ModifiedTopology();
        ObjectiveParts parts = ObjectiveComposition.Compose(
            [(typeof(ILossWeighting), first), (typeof(ITopology), topology), (typeof(ILossWeighting), second)]);
        Assert.That(parts.Weighting, Is.EqualTo(new[] { first, second }));
        Assert.That(parts.Topology, Is.SameAs(topology));
        Assert.That(parts.Emissions, Is.Empty);
    }

    [Test]
    public void A_data_source_fits_into_no_objective() =>
        Assert.That(
            () => ObjectiveComposition.Compose([(typeof(IDataSource), new FakeParts.NoData())]),
            Throws.ArgumentException.With.Message.StartsWith("A data source fits into no objective."));

    private sealed class Weighting : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => throw new NotSupportedException();
    }
}
