using System.IO.Compression;
using System.Text.Json.Nodes;
using Ctc.Cli.Tests;
using Ctc.Experiments.Runs;

namespace Packages.Tests;

/// <summary>The package of the contract, without the repository, is enough to write a plugin that works.</summary>
[Category("Slow")]
public class StrangerTests
{
    [Test]
    public void A_model_and_data_of_ones_own_are_built_trained_and_read()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        Succeed(stranger.Build());
        IEnumerable<string?> built = Directory.EnumerateFileSystemEntries(stranger.In("bin", "Release", "net10.0")).Select(Path.GetFileName);
        Assert.That(built, Is.EquivalentTo(new[] { "Morse.deps.json", "Morse.dll", "Morse.pdb", "Morse.runtimeconfig.json", "Morse.xml" }));

        CommandOutput check = CtcCommand.Run("plugins", "check", stranger.In("bin", "Release", "net10.0", "Morse.dll"));
        Assert.That(check.ExitCode, Is.Zero, check.Output);

        string run = stranger.In("run");
        Assert.That(Quiet(CtcInProcess.Run("run", stranger.In("morse.yaml"), "--output", run)), Is.EqualTo((0, "")));
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

        File.WriteAllText(stranger.In("bad.txt"), "0.5\nloud\n");
        string plugin = stranger.In("bin", "Release", "net10.0", "Morse.dll");
        CommandOutput bad = CtcInProcess.Run("decode", run, stranger.In("bad.txt"), $"plugins=[{plugin}]");
        Assert.That(bad.ExitCode, Is.EqualTo(2));
        Assert.That(bad.Error, Does.Contain($"{stranger.In("bad.txt")}:2: found 'loud'; expected the loudness of a frame, a finite number"));
    }

    [Test]
    public void A_plugin_that_would_ship_what_is_the_hosts_is_not_built()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        File.WriteAllText(stranger.In("TorchSharp.dll"), "a copy");
        stranger.Replace(
            "Morse.csproj", "  </ItemGroup>", "    <None Include=\"TorchSharp.dll\" CopyToOutputDirectory=\"Always\" />\n  </ItemGroup>");
        CommandOutput build = stranger.Build();
        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Match("error CTC0001: .* holds TorchSharp.dll; expected none of it"));
    }

    [Test]
    public void A_plugin_that_references_another_assembly_of_the_host_is_not_built()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        Succeed(stranger.ReferenceEngine());
        CommandOutput build = stranger.Build();
        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Match("error CTC0001: Morse.csproj references the host's Ctc.Engine; expected Ctc.Abstractions alone"));
    }

    [Test]
    public void A_plugin_with_a_copy_of_another_assembly_of_the_host_is_not_built()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        const string Copy = "    <None Include=\"Ctc.Engine.dll\" CopyToOutputDirectory=\"Always\" />\n";
        stranger.Replace("Morse.csproj", "  </ItemGroup>", $"{Copy}  </ItemGroup>");
        File.WriteAllText(stranger.In("Ctc.Engine.dll"), "a copy");
        CommandOutput build = stranger.Build();
        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Match("error CTC0001: .* holds Ctc.Engine.dll; expected none of it"));
    }

    [Test]
    public void A_library_that_says_that_it_is_no_plugin_may_reference_the_engine()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        Succeed(stranger.ReferenceEngine());
        const string NoSource = "  <ItemGroup><Compile Remove=\"**\" /></ItemGroup>";
        stranger.Replace("Morse.csproj", "  </PropertyGroup>", $"    <CtcPlugin>false</CtcPlugin>\n  </PropertyGroup>\n{NoSource}");
        Succeed(stranger.Build());
    }

    [TestCase("0.0.9", Category = "Long", Explicit = true, Reason = "builds the contract once more")]
    [TestCase("0.2.0")]
    public void A_plugin_that_was_built_against_another_contract_is_refused_with_both_versions(string version)
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack(version));
        Succeed(stranger.Build());
        CommandOutput run = CtcInProcess.Run("run", stranger.In("morse.yaml"), "--output", stranger.In("run"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(
            run.Error,
            Does.Contain($"Morse.dll cannot be used: it was built for version {version}.0 of Ctc.Abstractions; expected one that fits 0.1.0.0"));
        Assert.That(Directory.Exists(stranger.In("run")), Is.False);
    }

    [Test]
    public void The_package_holds_the_contract_its_documentation_and_what_a_project_needs()
    {
        using var stranger = new StrangersFolder();
        Succeed(stranger.Pack());
        string source = stranger.In("..", "source");
        using ZipArchive package = ZipFile.OpenRead(Directory.EnumerateFiles(source, "*.nupkg").Single());
        using ZipArchive symbols = ZipFile.OpenRead(Directory.EnumerateFiles(source, "*.snupkg").Single());

        Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf(new[]
        {
            "lib/net10.0/Ctc.Abstractions.dll", "lib/net10.0/Ctc.Abstractions.xml", "buildTransitive/Ctc.Abstractions.targets", "README.md",
        }));
        Assert.That(symbols.Entries.Select(entry => entry.FullName), Contains.Item("lib/net10.0/Ctc.Abstractions.pdb"));
    }

    private static void Succeed(CommandOutput command) => Assert.That(command.ExitCode, Is.Zero, command.Output + command.Error);

    private static (int, string) Quiet(CommandOutput command) => (command.ExitCode, command.Error);
}
