using Ctc.Tests;

namespace Ctc.Hosting.Tests;

[NoTensorLeaks]
public class PluginTrialTests
{
    [Test]
    public void A_constructor_that_throws_is_reported_with_what_it_threw()
    {
        using var folder = new PluginFolder();
        folder.Add("ThrowingConstructor");
        Plugin plugin = folder.Single();

        Assert.That(plugin.Problem, Is.Null, "nothing is created by discovery");
        PartProblem problem = PluginTrial.Problems(plugin).Single();
        Assert.That(problem.Part.Metadata.Name, Is.EqualTo("throwing"));
        Assert.That(problem.Cause, Is.EqualTo("InvalidOperationException: the constructor failed on purpose"));
    }

    [Test]
    public void Creating_such_a_part_names_the_part_the_file_and_the_cause()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("ThrowingConstructor");
        PartFactory throwing = folder.Single().Parts.Single();

        Assert.That(
            () => throwing.CreatePart(new NoOptions()),
            Throws.TypeOf<PluginException>().With.Message.EqualTo(
                $"the loss weighting 'throwing' of {dll} could not be created: InvalidOperationException: the constructor failed on purpose"));
    }

    [Test]
    public void A_missing_private_DLL_is_reported_by_its_name([Values] bool listed)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency");
        File.Delete(Path.Combine(Path.GetDirectoryName(dll)!, "Dependency.dll"));
        if (!listed) File.Delete(Path.ChangeExtension(dll, ".deps.json"));

        PartProblem problem = PluginTrial.Problems(folder.Single()).Single();

        Assert.That(problem.Part.Metadata.Name, Is.EqualTo("dependent"));
        Assert.That(problem.Cause, Is.EqualTo("it needs version 0.1.0.0 of the assembly Dependency, which was not found"));
    }

    [Test]
    public void A_missing_private_DLL_is_named_when_its_plugin_is_found([Values] bool listed)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency");
        Assert.That(folder.Single().MissingAssemblies, Is.Empty);
        File.Delete(Path.Combine(Path.GetDirectoryName(dll)!, "Dependency.dll"));
        if (!listed) File.Delete(Path.ChangeExtension(dll, ".deps.json"));
        Assert.That(
            folder.Single().MissingAssemblies, Is.EqualTo(new[] { "it needs version 0.1.0.0 of the assembly Dependency, which was not found" }));
    }

    [Test]
    public void A_private_DLL_that_is_not_allowed_is_named_when_its_plugin_is_found()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency"), list = Path.Combine(folder.Root, "list");
        File.WriteAllText(list, $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(dll)))}  it\n");
        Plugin plugin = PluginCatalog.Discover([dll], [new PluginAllowList(list)]).Plugins.Single();
        Assert.That(plugin.MissingAssemblies.Single(), Does.Match("^Dependency.dll with SHA-256 [0-9a-f]{64} is not allowed by "));
    }

    [Test]
    public void A_newer_assembly_of_the_host_is_named_when_its_plugin_is_found_and_when_it_is_needed()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        File.WriteAllBytes(dll, PatchedDll.WithReference(File.ReadAllBytes(dll), "System.Runtime", new Version(99, 0, 0, 0)));
        string host = typeof(object).Assembly.GetName().Version!.ToString();
        string sentence = $"it needs version 99.0.0.0 of the assembly System.Runtime; the host has {host}";
        Plugin plugin = PluginCatalog.Discover([dll]).Plugins.Single();
        Assert.That(plugin.Problem is null ? plugin.MissingAssemblies : [plugin.Problem], Is.EqualTo(new[] { sentence }));
    }

    [Test]
    public void Good_plugins_miss_no_assembly()
    {
        using var folder = new PluginFolder();
        foreach (string good in PluginFolder.Good) folder.Add(good);
        Assert.That(folder.Discover().Plugins.SelectMany(plugin => plugin.MissingAssemblies), Is.Empty);
    }

    [Test]
    public void Good_parts_have_no_problem_and_are_given_up()
    {
        var part = new Disposed();
        Assert.That(PluginTrial.Problems(Holding(_ => part)), Is.Empty);
        Assert.That(part.IsDisposed);
    }

    [Test]
    public void A_part_whose_options_must_be_given_is_not_tried()
    {
        var needy = new PartFactory<IAuxiliaryTerm>(
            new PartMetadata { Name = "needy", Options = typeof(RequiredOptions) }, null, _ => throw new InvalidOperationException("tried"));
        Assert.That(PluginTrial.Problems(new Plugin("needy.dll", null, [needy], null)), Is.Empty);
    }

    [Test]
    public void Tensors_that_a_constructor_leaves_are_freed() =>
        Assert.That(PluginTrial.Problems(Holding(_ =>
        {
            torch.zeros(3);
            return new Disposed();
        })), Is.Empty);

    private static Plugin Holding(Func<object, IAuxiliaryTerm> create) =>
        new("good.dll", null, [new PartFactory<IAuxiliaryTerm>(new PartMetadata { Name = "good" }, null, create)], null);

    public record RequiredOptions
    {
        public required string File { get; init; }
    }

    private sealed class Disposed : IAuxiliaryTerm, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public Tensor Evaluate(Evaluation evaluation) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;
    }
}
