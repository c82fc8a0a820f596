using System.IO.Compression;
using System.Text.Json.Nodes;
using Ctc.Cli.Tests;
using Ctc.Experiments.Runs;

namespace Packages.Tests;

/// <summary>The package of the contract, without the repository, is enough to write a plugin that works.</summary>
[Category("Slow")]
public class StrangerTests
{
    private const string Plain = "plain", WithTorch = "with-torch", Engine = "engine", WithEngine = "with-engine", Library = "library";
    private const string Newer = "0.2.0";

    private readonly StrangersFolder strangers = new();

    [OneTimeSetUp]
    public void Build()
    {
        strangers.Add(Plain);
        strangers.Add(WithTorch);
        strangers.Ship(WithTorch, "TorchSharp.dll");
        strangers.AddWithEngine(Engine);
        strangers.Add(WithEngine);
        strangers.Ship(WithEngine, "Ctc.Engine.dll");
        strangers.AddWithEngine(Library);
        strangers.Insert(Library, "PropertyGroup", "<CtcPlugin>false</CtcPlugin>");
        strangers.Insert(Library, "ItemGroup", "<Compile Remove=\"**\" />");
        strangers.AddWithContract(Newer);
        strangers.Build();
    }

    [OneTimeTearDown]
    public void Remove() => strangers.Dispose();

    [Test]
    public void A_model_and_data_of_ones_own_are_built_trained_and_read()
    {
        Assert.That(strangers.Errors(Plain), Is.Empty);
        IEnumerable<string?> built = Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(strangers.Dll(Plain))!).Select(Path.GetFileName);
        Assert.That(built, Is.EquivalentTo(new[] { "Morse.deps.json", "Morse.dll", "Morse.pdb", "Morse.runtimeconfig.json", "Morse.xml" }));

        CommandOutput check = CtcCommand.Run("plugins", "check", strangers.Dll(Plain));
        Assert.That(check.ExitCode, Is.Zero, check.Output);

        string run = strangers.In(Plain, "run");
        Assert.That(Quiet(CtcInProcess.Run("run", strangers.In(Plain, "morse.yaml"), "--output", run)), Is.EqualTo((0, "")));
        JsonNode evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!;
        Assert.That(evaluation["token_error_rate"]!.GetValue<double>(), Is.InRange(0, 0.02));

        string[] samples = [.. Directory.EnumerateFiles(Path.Combine(run, "samples"), "*.txt").Order(StringComparer.Ordinal)];
        CommandOutput distrusted = CtcInProcess.Run("decode", run, samples[0]);
        Assert.That((distrusted.ExitCode, distrusted.Output), Is.EqualTo((2, "")));
        Assert.That(
            distrusted.Error,
            Does.Contain($"The run was trained with Morse (SHA-256 {RunFolder.LoadRecord(run).Plugins[0].Digest}); expected that among the plugins")
                .And.Contain("--trust loads those at the paths that the run names, which is code chosen by its author"));

        CommandOutput decoded = CtcInProcess.Run(["decode", run, "--trust", .. samples]);
        Assert.That(Quiet(decoded), Is.EqualTo((0, "")));
        Assert.That(decoded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]), Is.EqualTo(samples));

        File.WriteAllText(strangers.In(Plain, "bad.txt"), "0.5\nloud\n");
        string plugin = strangers.Dll(Plain);
        CommandOutput bad = CtcInProcess.Run("decode", run, strangers.In(Plain, "bad.txt"), $"plugins=[{plugin}]");
        Assert.That(bad.ExitCode, Is.EqualTo(2));
        Assert.That(bad.Error, Does.Contain($"{strangers.In(Plain, "bad.txt")}:2: found 'loud'; expected the loudness of a frame, a finite number"));
    }

    [Test]
    public void A_plugin_that_would_ship_what_is_the_hosts_is_not_built() =>
        Assert.That(strangers.Errors(WithTorch), Does.Match("error CTC0001: .* holds TorchSharp.dll; expected none of it"));

    [Test]
    public void A_plugin_that_references_another_assembly_of_the_host_is_not_built() => Assert.That(
        strangers.Errors(Engine), Does.Match("error CTC0001: Morse.csproj references the host's Ctc.Engine; expected Ctc.Abstractions alone"));

    [Test]
    public void A_plugin_with_a_copy_of_another_assembly_of_the_host_is_not_built() =>
        Assert.That(strangers.Errors(WithEngine), Does.Match("error CTC0001: .* holds Ctc.Engine.dll; expected none of it"));

    [Test]
    public void A_library_that_says_that_it_is_no_plugin_may_reference_the_engine() => Assert.That(strangers.Errors(Library), Is.Empty);

    [Test]
    public void A_plugin_that_was_built_against_a_newer_contract_is_refused_with_both_versions() => AssertRefused(strangers, Newer);

    [Test, Category("Long"), Explicit("builds the contract once more")]
    public void A_plugin_that_was_built_against_an_older_contract_is_refused_with_both_versions()
    {
        const string Older = "0.0.9";
        using var others = new StrangersFolder();
        others.AddWithContract(Older);
        others.Build();
        AssertRefused(others, Older);
    }

    [Test]
    public void The_package_holds_the_contract_its_documentation_and_what_a_project_needs()
    {
        string file = Path.Combine(BuiltPackages.All.Place, $"Ctc.Abstractions.{BuiltPackages.All.Version}");
        using ZipArchive package = ZipFile.OpenRead($"{file}.nupkg"), symbols = ZipFile.OpenRead($"{file}.snupkg");
        Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf(new[]
        {
            "lib/net10.0/Ctc.Abstractions.dll", "lib/net10.0/Ctc.Abstractions.xml", "buildTransitive/Ctc.Abstractions.targets", "README.md",
        }));
        Assert.That(symbols.Entries.Select(entry => entry.FullName), Contains.Item("lib/net10.0/Ctc.Abstractions.pdb"));
    }

    private static void AssertRefused(StrangersFolder strangers, string version)
    {
        Assert.That(strangers.Errors(version), Is.Empty);
        CommandOutput run = CtcInProcess.Run("run", strangers.In(version, "morse.yaml"), "--output", strangers.In(version, "run"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(
            run.Error,
            Does.Contain($"Morse.dll cannot be used: it was built for version {version}.0 of Ctc.Abstractions; expected one that fits 0.1.0.0"));
        Assert.That(Directory.Exists(strangers.In(version, "run")), Is.False);
    }

    private static (int, string) Quiet(CommandOutput command) => (command.ExitCode, command.Error);
}
