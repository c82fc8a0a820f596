using System.Diagnostics;

namespace Ctc.Hosting.Tests;

/// <summary>Reading a pipe without a writer blocks forever. Each test could hang, so it runs with a timeout.</summary>
[Platform(Exclude = "Win")]
public class RegularFileTests
{
    [TestCase("FocalCtc.dll", "it is not a .NET assembly")]
    [TestCase("FocalCtc.deps.json", "FocalCtc.deps.json beside it is empty or not a regular file")]
    [TestCase("FocalCtc.pdb", null)]
    public void A_pipe_in_place_of_a_plugins_file_is_not_waited_for(string name, string? problem)
    {
        using var folder = new PluginFolder();
        string file = Path.Combine(Path.GetDirectoryName(folder.Add("FocalCtc"))!, name);
        File.Delete(file);
        MakePipe(file);
        Assert.That(Soon(() => folder.Single().Problem), Is.EqualTo(problem));
    }

    [Test]
    public void A_link_to_a_pipe_is_not_waited_for()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc"), pipe = Path.Combine(Path.GetDirectoryName(dll)!, "pipe");
        MakePipe(pipe);
        File.Delete(dll);
        File.CreateSymbolicLink(dll, pipe);
        Assert.That(Soon(() => folder.Single().Problem), Is.EqualTo("it is not a .NET assembly"));
    }

    [Test]
    public void A_link_to_a_plugin_is_a_plugin()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc"), moved = dll + ".moved";
        File.Move(dll, moved);
        File.CreateSymbolicLink(dll, moved);
        Assert.That(Soon(() => folder.Single().Problem), Is.Null);
    }

    [Test]
    public void A_pipe_in_place_of_a_private_DLL_is_not_waited_for()
    {
        using var folder = new PluginFolder();
        string dependency = Path.Combine(Path.GetDirectoryName(folder.Add("PrivateDependency"))!, "Dependency.dll");
        File.Delete(dependency);
        MakePipe(dependency);
        Assert.That(Soon(() => PluginTrial.Problems(folder.Single())), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_allow_list_that_is_a_pipe_allows_nothing()
    {
        using var folder = new PluginFolder();
        folder.Add("FocalCtc");
        string list = Path.Combine(folder.Root, "list");
        MakePipe(list);
        Assert.That(
            Soon(() => PluginCatalog.Discover([folder.Root], [new PluginAllowList(list)]).Plugins.Single().Problem),
            Does.Contain("is not allowed by"));
    }

    private static T Soon<T>(Func<T> read)
    {
        Task<T> reading = Task.Run(read);
        Assert.That(reading.Wait(TimeSpan.FromSeconds(30)), "it waits");
        return reading.Result;
    }

    private static void MakePipe(string path)
    {
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.That(made.ExitCode, Is.Zero);
    }
}
