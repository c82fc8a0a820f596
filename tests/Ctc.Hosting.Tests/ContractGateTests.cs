using System.Reflection;
using System.Runtime.Loader;

namespace Ctc.Hosting.Tests;

public class ContractGateTests
{
    private const string Contract = "Ctc.Abstractions";
    private static readonly Version Host = typeof(IPart).Assembly.GetName().Version!;
    private static readonly byte[] Good = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "plugins", "FocalCtc", "FocalCtc.dll"));

    private static IEnumerable<Version> VersionsThatDoNotFit() =>
    [
        new(Host.Major + 1, 0, 0, 0),
        new(Host.Major, Host.Minor + 1, 0, 0),
        new(Host.Major, Host.Minor, Host.Build + 1, 0),
        .. Host is { Major: 0, Minor: > 0 } ? [new Version(0, Host.Minor - 1, 0, 0)] : Array.Empty<Version>(),
        .. Host.Major > 0 ? [new Version(Host.Major - 1, 0, 0, 0)] : Array.Empty<Version>(),
    ];

    [Test]
    public void The_version_of_a_good_assembly_is_read() => Assert.That(ContractGate.Admit(Good), Is.EqualTo(new Version(0, 1, 0, 0)));

    [Test]
    public void The_contract_of_the_host_fits() => Assert.That(() => ContractGate.Admit(BuiltFor(Host)), Throws.Nothing);

    [TestCase("1.4.2", "1.4.2", true)]
    [TestCase("1.4.2", "1.4.3", true)]
    [TestCase("1.4.2", "1.5.0", true)]
    [TestCase("1.0.0", "1.5.0", true)]
    [TestCase("1.4.2", "1.4.1", false)]
    [TestCase("1.5.0", "1.4.9", false)]
    [TestCase("1.4.2", "2.0.0", false)]
    [TestCase("2.0.0", "1.9.9", false)]
    [TestCase("0.3.1", "0.3.1", true)]
    [TestCase("0.3.1", "0.3.2", true)]
    [TestCase("0.3.2", "0.3.1", false)]
    [TestCase("0.2.9", "0.3.0", false)]
    [TestCase("0.3.0", "0.2.9", false)]
    [TestCase("0.9.0", "1.0.0", false)]
    public void A_contract_fits_by_the_rule(string built, string host, bool fits) =>
        Assert.That(ContractGate.Fits(new Version(built), new Version(host)), Is.EqualTo(fits));

    [TestCaseSource(nameof(VersionsThatDoNotFit))]
    public void Another_contract_is_refused(Version version) =>
        AssertRefused(BuiltFor(version), $"it was built for version {version} of {Contract}; expected one that fits {Host}");

    [TestCaseSource(nameof(VersionsThatDoNotFit))]
    public void A_refused_plugin_is_not_loaded(Version version)
    {
        using var folder = new PluginFolder();
        folder.Add("FocalCtc", BuiltFor(version));
        int contexts = AssemblyLoadContext.All.Count();

        Plugin refused = folder.Single();

        Assert.That(refused.Problem, Does.StartWith("it was built for version"));
        Assert.That(refused.Parts, Is.Empty);
        Assert.That(AssemblyLoadContext.All.Count(), Is.EqualTo(contexts));
    }

    [Test]
    public void A_newer_TorchSharp_is_refused()
    {
        Version host = typeof(Tensor).Assembly.GetName().Version!;
        Version newer = new(host.Major, host.Minor + 1, 0, 0);
        AssertRefused(
            PatchedDll.WithReference(Good, "TorchSharp", newer), $"it was built for version {newer} of TorchSharp; expected {host} or older");
    }

    [Test]
    public void What_was_built_against_an_older_TorchSharp_works_with_the_hosts()
    {
        Version host = typeof(Tensor).Assembly.GetName().Version!;
        using var folder = new PluginFolder();
        folder.Add("FocalCtc", PatchedDll.WithReference(Good, "TorchSharp", new Version(0, host.Minor - 1, 0, 0)));
        Plugin plugin = folder.Single();
        Assert.That(plugin.Problem, Is.Null);
        Assert.That(PluginTrial.Problems(plugin), Is.Empty);
    }

    [Test]
    public void An_assembly_that_knows_no_contract_holds_no_parts() =>
        AssertRefused(File.ReadAllBytes(typeof(Assert).Assembly.Location), "it does not reference Ctc.Abstractions, so it holds no parts");

    [Test]
    public void A_plugin_that_references_another_assembly_of_the_host_is_refused_before_it_is_loaded()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("EngineReference");
        int contexts = AssemblyLoadContext.All.Count();
        AssertRefused(File.ReadAllBytes(dll), "it references the host's Ctc.Engine; expected Ctc.Abstractions alone");
        Assert.That(folder.Single().Parts, Is.Empty);
        Assert.That(AssemblyLoadContext.All.Count(), Is.EqualTo(contexts));
    }

    [Test]
    public void A_private_dependency_that_references_another_assembly_of_the_host_is_refused(
        [ValueSource(typeof(HostAssemblies), nameof(HostAssemblies.Names))] string name)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        var context = new PluginLoadContext(dll, [], new PluginContent(dll));
        Exception refused = Assert.Catch(() => context.LoadFromAssemblyName(new AssemblyName(name)))!;
        Assert.That(
            RootCause.Describe(refused), Is.EqualTo($"a private dependency of it references the host's {name}; expected Ctc.Abstractions alone"));
    }

    [Test]
    public void What_the_host_refuses_is_what_a_build_refuses()
    {
        string targets = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "buildTransitive", "Ctc.Abstractions.targets"));
        string refused = targets.Split("<CtcHostAssembly Include=\"")[1].Split('"')[0];
        Assert.That(refused.Split(';'), Is.EquivalentTo(HostAssemblies.Names));
    }

    [Test]
    public void Copies_of_the_hosts_assemblies_are_named_as_unused()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        foreach (string name in HostAssemblies.Names) File.WriteAllText(Path.Combine(Path.GetDirectoryName(dll)!, name + ".dll"), "a copy");
        Assert.That(folder.Single().Unused, Is.EqualTo(HostAssemblies.Names.Select(name => name + ".dll")));
    }

    [Test]
    public void Text_is_no_assembly() => AssertRefused("This is no assembly."u8.ToArray(), "it is not a .NET assembly");

    [Test]
    public void An_empty_file_is_no_assembly() => AssertRefused([], "it is not a .NET assembly");

    [Test]
    public void A_native_library_is_no_assembly()
    {
        string native = Directory.EnumerateFiles(AppContext.BaseDirectory, "*LibTorchSharp.*", SearchOption.AllDirectories).First();
        AssertRefused(File.ReadAllBytes(native), "it is not a .NET assembly");
    }

    [Test]
    public void A_file_that_ends_too_early_is_refused_wherever_it_is_cut([Range(1, 31)] int thirtySeconds) =>
        AssertRefused(Good[..(Good.Length * thirtySeconds / 32)], "its file is cut off or damaged");

    private static byte[] BuiltFor(Version version) => PatchedDll.WithReference(Good, Contract, version);

    private static void AssertRefused(byte[] dll, string why) =>
        Assert.That(() => ContractGate.Admit(dll), Throws.TypeOf<PluginException>().With.Message.EqualTo(why));
}
