using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc;

namespace Packages.Tests;

/// <summary>Names of plugins that are names of types in the template's code: class and namespace get the suffix Part.</summary>
public class TemplateNameTests
{
    private static readonly JsonNode Form = PluginTemplate.Settings["forms"]!["apart"]!;

    [Test]
    public void No_type_of_the_contract_is_hidden_by_a_plugin_of_its_name() => Assert.That(
        typeof(IPart).Assembly.GetExportedTypes()
            .Where(type => !type.IsNested)
            .Select(type => type.Name.Split('`')[0])
            .Where(name => Apart(name) == name),
        Is.Empty);

    [TestCase("Schedule", "SchedulePart")]
    [TestCase("Acme.Schedule", "Acme.SchedulePart")]
    [TestCase("Batch.Schedule", "BatchPart.SchedulePart")]
    [TestCase("System", "SystemPart")]
    [TestCase("Schedules", "Schedules")]
    [TestCase("MySchedule", "MySchedule")]
    [TestCase("Acme.Focal", "Acme.Focal")]
    public void Only_whole_names_are_changed(string name, string changed) => Assert.That(Apart(name), Is.EqualTo(changed));

    private static string Apart(string name) => Regex.Replace(name, (string)Form["pattern"]!, (string)Form["replacement"]!);
}
