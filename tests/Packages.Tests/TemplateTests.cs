using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc.Cli.Tests;
using Ctc.Configuration.Schema;
using Ctc.Experiments;
using Ctc.Hosting;
using Ctc.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Packages.Tests;

/// <summary>The commands of docs/writing-a-plugin.md work without the sources of the repository.</summary>
[Category("Slow")]
public partial class TemplateTests
{
    private const string Page = "docs/writing-a-plugin.md";
    private const string Shown = "target-transform"; // on the page
    private const string Hiding = "Schedule/Schedule/Schedule.csproj"; // its name is that of a type in its code

    private readonly ReaderFolder folder = new();

    private static string[][] Commands { get; } = [.. DocumentationPage.Blocks(Page, "sh").Select(Lines)];

    [OneTimeSetUp]
    public void Prepare()
    {
        string[] builds = ["dotnet pack -c Release ~/CtcPlugins", "dotnet build -c Release ~/CtcPlugins/src/Ctc.Cli"];
        Assert.That(Commands[0][..2], Is.EqualTo(builds));
        Assert.That(BuiltPackages.All.Place, Does.Exist); // they are packed now
        folder.Type(folder.In(), Commands[0][2..]);
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void The_commands_on_the_page_lead_from_an_empty_folder_to_a_trained_variant()
    {
        string[] lines = Commands[1];
        Assert.That(lines.Where(line => !line.StartsWith("cd ", StringComparison.Ordinal)).Count(), Is.EqualTo(5));
        Dictionary<string, CommandOutput> typed = folder.Type(folder.In(), lines);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Output("dotnet build"), Does.Contain("0 Warning(s)"));
            Assert.That(Total(Output("dotnet test")), Is.EqualTo(PartConformance.Names.Count + 1));
            Assert.That(Output("ctc plugins check"), Does.Match(@"target transform sharpen: \d+ passed, \d+ skipped\r?\n"));
            Assert.That(TokenErrorRate(folder.In("Sharpen", "runs", "sharpen")), Is.InRange(0, 0.2));
            CommandOutput published = CtcCommand.RunIn(folder.In("Sharpen"), "explain", "sharpen.yaml", "plugins=[Sharpen/bin/Release/net10.0]");
            Assert.That((published.ExitCode, published.Error), Is.EqualTo((0, "")));
        }

        string Output(string command) => typed.Single(line => line.Key.StartsWith(command, StringComparison.Ordinal)).Value.Output;
    }

    [Test]
    public void The_page_names_the_folder_in_which_the_command_is_built()
    {
        string folder = Path.GetRelativePath(CtcCommand.Repository, Path.GetDirectoryName(CtcCommand.Dll)!).Replace('\\', '/');
        string page = File.ReadAllText(Path.Combine(CtcCommand.Repository, Page));
        Assert.That(page, Does.Contain($"`{folder.Replace("/debug", "/release", StringComparison.Ordinal)}`"));
    }

    [Test]
    public void There_is_a_choice_for_each_extension_point() =>
        Assert.That(PluginTemplate.Choices, Is.EquivalentTo(ExtensionPoint.All.Select(point => point.Noun.Replace(' ', '-'))));

    [Test]
    public void The_page_has_a_row_and_a_section_for_each_choice()
    {
        string page = File.ReadAllText(Path.Combine(CtcCommand.Repository, Page));
        foreach (string choice in PluginTemplate.Choices)
        {
            string heading = char.ToUpperInvariant(choice[0]) + choice[1..].Replace('-', ' ');
            Assert.That(page, Does.Contain($"| [`{choice}`](#{choice}) |").And.Contain($"\n## {heading}\n"));
        }
    }

    [Test]
    public void What_is_packed_is_every_library_and_the_template() => Assert.That(
        BuiltPackages.Names, Is.EquivalentTo(
            new[]
            {
                "Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons",
                "Ctc.Testing", "Ctc.Testing.NUnit", "Ctc.Templates",
            }));

    // The Long test runs the commands of each; here the parts are checked and the experiments parsed in this process.
    [Test]
    public void Every_other_choice_is_built_without_a_warning_and_keeps_its_promises()
    {
        Directory.CreateDirectory(folder.In("others"));
        string[] choices = [.. PluginTemplate.Choices.Where(choice => choice != Shown)];
        string Project(string choice) => Path.Combine(Name(choice), Name(choice), Name(choice) + ".csproj");
        File.WriteAllText(
            folder.In("others", "Others.slnx"),
            $"<Solution>{string.Concat(choices.Select(Project).Append(Hiding).Select(project => $"<Project Path=\"{project}\" />"))}</Solution>");
        folder.Type(
            folder.In("others"),
            [
                .. choices.Select(choice => PluginTemplate.Create(Name(choice), choice)),
                PluginTemplate.Create("Schedule", "loss-weighting"),
                "dotnet build -c Release -warnaserror -m:1",
            ]);
        using (Assert.EnterMultipleScope())
        {
            foreach (string choice in choices) Assert.That(Faults(folder.In("others", Name(choice))), Is.Empty, choice);
        }

        string decoder = folder.In("others", Name("decoder"));
        AssertDecodes(decoder, "train.epochs=1", "data.train-lines=40", "objective.decoder.own-decoder.cost=20");
    }

    [Test]
    public void Without_a_folder_of_packages_they_come_from_the_sources_that_are_set_up()
    {
        folder.Type(folder.In(), ["dotnet new ctc-plugin --name Elsewhere"]);
        Assert.That(File.Exists(folder.In("Elsewhere", "Elsewhere.slnx")), Is.True);
        Assert.That(File.Exists(folder.In("Elsewhere", "nuget.config")), Is.False);
    }

    [TestCaseSource(typeof(PluginTemplate), nameof(PluginTemplate.Choices))]
    [Category("Long"), Explicit("half a minute each")]
    public void The_commands_in_a_new_plugins_README_succeed(string choice)
    {
        string place = folder.In($"long-{choice}");
        Directory.CreateDirectory(place);
        string name = Name(choice), plugin = Path.Combine(place, name);
        folder.Type(place, [PluginTemplate.Create(name, choice)]);
        string readme = File.ReadAllText(Path.Combine(plugin, "README.md"));
        Dictionary<string, CommandOutput> typed = folder.Type(plugin, Lines(readme.Split("```")[1]));
        Assert.That(typed, Has.Count.EqualTo(4));
        Assert.That(typed.Values.First().Output, Does.Contain("0 Warning(s)"));
        Assert.That(TokenErrorRate(Path.Combine(plugin, "runs", $"own-{choice}")), Is.InRange(0, 0.2));
        if (choice == "decoder") AssertDecodes(plugin);
    }

    // The decoder of a plugin reads new inputs as it read the test set: the samples of a run are of it.
    private static void AssertDecodes(string plugin, params string[] overrides)
    {
        string experiment = Directory.EnumerateFiles(plugin, "*.yaml").Single(), run = Path.Combine(plugin, "decoded");
        CommandOutput trained = CtcInProcess.Run(["run", experiment, "--output", run, .. overrides]);
        Assert.That(trained.ExitCode, Is.Zero, trained.Error);
        string[] samples = [.. Directory.EnumerateFiles(Path.Combine(run, "samples")).Order(StringComparer.Ordinal)];
        CommandOutput decoded = CtcInProcess.Run(["decode", run, "--trust", .. samples]);
        Assert.That((decoded.ExitCode, decoded.Error), Is.EqualTo((0, "")));
        JsonNode[] test = [.. JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!["utterances"]!.AsArray().OfType<JsonNode>()];
        string[] read =
        [
            .. samples.Select(file => string.Concat(
                test.Single(utterance => (string?)utterance["id"] == Path.GetFileNameWithoutExtension(file))["hypothesis"]!.AsArray())),
        ];
        Assert.That(read, Has.All.Not.Empty);
        Assert.That(
            decoded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(samples.Zip(read, (file, text) => $"{file}\t{text}")));
    }

    /// <summary>A plausible name of a plugin: with the name of a company, and a hyphen, which a class name cannot have.</summary>
    private static string Name(string choice) => $"Acme.own-{choice}";

    private static IEnumerable<string> Faults(string plugin)
    {
        ExperimentFile experiment = ExperimentFile.Open(Directory.EnumerateFiles(plugin, "*.yaml").Single(), []);
        PluginCatalog found = PluginCatalog.Discover(experiment.Plugins);
        experiment.Bind(new ServiceCollection().AddCtcExperiments().AddCtcPlugins(found).BuildServiceProvider().GetRequiredService<PartCatalog>());
        CheckResult[] results =
            [.. found.Plugins.Select(PluginConformance.Run), .. found.Plugins.Single().Parts.SelectMany(part => PartConformance.Run(part))];
        return results.Where(result => result.Outcome is Outcome.Failed or Outcome.Warned).Select(result => $"{result.Check}: {result.Message}");
    }

    private static double TokenErrorRate(string runs)
    {
        string run = Directory.EnumerateDirectories(runs).Single();
        return JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!["token_error_rate"]!.GetValue<double>();
    }

    private static int Total(string output) => int.Parse(TestTotal().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string[] Lines(string block) => block.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"total: (\d+)")]
    private static partial Regex TestTotal();
}
