using Ctc.Hosting.Tests;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>A folder with all plugins of the zoo, and one valid plugin.</summary>
internal sealed class ZooFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ZooFolder()
    {
        foreach (string plugin in Directory.EnumerateDirectories(InTests("zoo")).Concat(Directory.EnumerateDirectories(InTests("broken-plugins"))))
        {
            Copy(plugin);
        }
        Copy(InTests("plugins", Good));
        Copy(InTests("plugins", "Temperature"));
        File.Copy(InTests("Ctc.Engine.dll"), In("Temperature", "Ctc.Engine.dll"));
        foreach (string plugin in new[] { "PrivateDependency", "OptionsElsewhere" }) File.Delete(In(plugin, "Dependency.dll"));
        Copy(InTests("plugins", "PeakFirst"));
        File.Copy(InTests("TorchSharp.dll"), In("PeakFirst", "TorchSharp.dll"));

        byte[] good = File.ReadAllBytes(InTests("plugins", Good, Good + ".dll"));
        Write("Text", "This is no assembly."u8.ToArray());
        Write("Cut", good[..(good.Length / 2)]);
        Write("Newer", PatchedDll.WithReference(good, "Ctc.Abstractions", new Version(0, 2, 0, 0)));
    }

    public static string Good => "FocalCtc";

    public string Path => folder.Path;

    public void Dispose() => folder.Dispose();

    private static string InTests(params string[] path) => System.IO.Path.Combine([TestContext.CurrentContext.TestDirectory, .. path]);

    private string In(string plugin, string file) => folder.In(plugin, file);

    private void Copy(string plugin)
    {
        string name = System.IO.Path.GetFileName(plugin);
        Directory.CreateDirectory(folder.In(name));
        foreach (string file in Directory.EnumerateFiles(plugin)) File.Copy(file, In(name, System.IO.Path.GetFileName(file)));
    }

    private void Write(string name, byte[] dll)
    {
        Directory.CreateDirectory(folder.In(name));
        File.WriteAllBytes(In(name, name + ".dll"), dll);
    }
}
