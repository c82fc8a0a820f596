using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Hosting.Tests;

[NoTensorLeaks]
public class PluginIsolationTests
{
    [Test]
    public void A_copy_of_the_contract_beside_a_plugin_is_not_its_contract([Values] bool listed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        foreach (string shared in new[] { "Ctc.Abstractions.dll", "TorchSharp.dll" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, shared), Path.Combine(Path.GetDirectoryName(dll)!, shared));
        }

        // Without the list of its dependencies, every DLL beside a plugin is treated as a dependency.
        if (!listed) File.Delete(Path.ChangeExtension(dll, ".deps.json"));

        Plugin plugin = folder.Single();
        PartFactory factory = plugin.Parts.Single();
        var focal = (ILossWeighting)factory.CreatePart(Activator.CreateInstance(factory.Metadata.Options)!);
        using var objective = new Objective(new ObjectiveParts { Weighting = [focal] });
        double loss = objective.Evaluate(torch.zeros([1, 1, 2], torch.float64), new Batch([[1]], [1], tokens: 2)).Loss.ToDouble();

        Assert.That(loss, Is.EqualTo(0.25 * Math.Sqrt(0.5) * Math.Log(2)).Within(1e-14)); // α(1 − P)^γ L at P = 1/2
        Assert.That(plugin.Unused, Is.EqualTo(new[] { "Ctc.Abstractions.dll", "TorchSharp.dll" }));
    }

    [Test]
    public void Two_plugins_with_private_DLLs_of_one_name_in_two_versions_each_use_their_own()
    {
        Version next = new(2, 0, 0, 0);
        using var first = new PluginFolder();
        using var second = new PluginFolder();
        first.Add("PrivateDependency");
        string plugin = second.Add("PrivateDependency"), dependency = Path.Combine(Path.GetDirectoryName(plugin)!, "Dependency.dll");
        byte[] other = PatchedDll.WithNumber(File.ReadAllBytes(dependency), 0.123456789, 0.987654321);
        File.WriteAllBytes(dependency, PatchedDll.WithVersion(other, next));
        File.WriteAllBytes(plugin, PatchedDll.WithReference(File.ReadAllBytes(plugin), "Dependency", next));

        IAuxiliaryTerm[] terms = [.. new[] { first, second, first }.Select(Create)];

        Assert.That(terms.Select(term => term.BaseShare(default)), Is.EqualTo(new[] { 0.123456789, 0.987654321, 0.123456789 }));
        Assert.That(terms.Select(DependencyVersion), Is.EqualTo(new[] { new Version(0, 1, 0, 0), next, new Version(0, 1, 0, 0) }));
    }

    [Test]
    public void A_native_library_in_the_folder_of_a_plugin_is_its_own()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency");
        IAuxiliaryTerm before = Create(folder);
        Assert.That(folder.Single().MissingLibraries, Is.EqualTo(new[] { "nativechecksum" }));
        var missing = Assert.Throws<DllNotFoundException>(() => before.BaseShare(default));
        Assert.That(RootCause.Describe(missing), Is.EqualTo("it needs the native library nativechecksum, which could not be loaded"));

        NativeLibraryFile.LayBeside(dll);

        Assert.That(folder.Single().MissingLibraries, Is.Empty);
        Assert.That(Create(folder).BaseShare(default), Is.EqualTo(0xCBF43926)); // the check value of CRC-32
    }

    [Test]
    public void The_host_does_not_see_a_private_DLL()
    {
        using var folder = new PluginFolder();
        folder.Add("PrivateDependency");
        Create(folder);

        Assert.That(() => System.Reflection.Assembly.Load("Dependency"), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_private_DLL_in_the_working_directory_is_not_found()
    {
        using var folder = new PluginFolder();
        using var elsewhere = new WorkingDirectory();
        string dependency = Path.Combine(Path.GetDirectoryName(folder.Add("PrivateDependency"))!, "Dependency.dll");
        File.Move(dependency, Path.Combine(elsewhere.Path, "Dependency.dll"));

        Assert.That(PluginTrial.Problems(folder.Single()), Has.Count.EqualTo(1));
    }

    private static IAuxiliaryTerm Create(PluginFolder folder) => (IAuxiliaryTerm)folder.Single().Parts.Single().CreatePart(new NoOptions());

    private static Version? DependencyVersion(IAuxiliaryTerm term) =>
        System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(term.GetType().Assembly)!
        .Assemblies.Single(assembly => assembly.GetName().Name == "Dependency").GetName().Version;
}
