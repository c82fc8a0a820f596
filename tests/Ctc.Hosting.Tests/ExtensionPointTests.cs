namespace Ctc.Hosting.Tests;

public class ExtensionPointTests
{
    private static readonly Type[] Interfaces =
        [.. typeof(IPart).Assembly.GetExportedTypes().Where(type => type.IsInterface && type != typeof(IPart) && type.IsAssignableTo(typeof(IPart)))];

    [Test]
    public void Every_interface_of_parts_has_one_entry() =>
        Assert.That(ExtensionPoint.All.Select(point => point.Interface), Is.EquivalentTo(Interfaces));

    [Test]
    public void Nouns_and_paths_are_unique()
    {
        Assert.That(ExtensionPoint.All.Select(point => point.Noun), Is.Unique);
        Assert.That(ExtensionPoint.All.Select(point => point.Path), Is.Unique);
    }

    [TestCase(typeof(IDataSource), "data")]
    [TestCase(typeof(IEncoder), "model")]
    [TestCase(typeof(ITopology), "objective.topology")]
    [TestCase(typeof(IAuxiliaryTerm), "objective.auxiliary")]
    [TestCase(typeof(ILauncher), "sweep.launcher")]
    public void The_path_leads_to_the_parts(Type point, string path) => Assert.That(ExtensionPoint.From(point).Path, Is.EqualTo(path));

    [Test]
    public void A_part_of_the_objective_has_a_letter() =>
        Assert.That(ExtensionPoint.All.Where(point => point.Role is not null).Select(point => point.Symbol), Has.None.Empty);
}
