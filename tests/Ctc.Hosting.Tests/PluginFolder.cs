namespace Ctc.Hosting.Tests;

/// <summary>A folder of plugins for one test, filled with copies of those in the output folder of the tests.</summary>
internal sealed class PluginFolder : IDisposable
{
    private static readonly string[] Sources =
        [.. new[] { "plugins", "broken-plugins" }.Select(name => Path.Combine(AppContext.BaseDirectory, name))];

    public string Root { get; } = Directory.CreateTempSubdirectory("ctc-plugins-").FullName;

    /// <summary>The names of the plugins that work.</summary>
    public static IReadOnlyList<string> Good { get; } = NamesIn(Sources[0]);

    /// <summary>The names of the plugins with a fault, whether or not discovery detects it.</summary>
    public static IReadOnlyList<string> Broken { get; } = NamesIn(Sources[1]);

    /// <summary>The path of the DLL of a plugin, existing or not.</summary>
    public string Dll(string name) => Path.Combine(Root, name, name + ".dll");

    /// <summary>Copies a plugin's whole folder.</summary>
    /// <returns>The path of its DLL.</returns>
    public string Add(string name) => AddAs(name, name);

    /// <summary>Copies a plugin's files into a folder of another name.</summary>
    /// <returns>The path of its DLL.</returns>
    public string AddAs(string folderName, string name)
    {
        string source = Sources.Select(folder => Path.Combine(folder, name)).First(Directory.Exists);
        string target = Directory.CreateDirectory(Path.Combine(Root, folderName)).FullName;
        foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return Path.Combine(target, name + ".dll");
    }

    /// <summary>Creates a folder with a DLL of arbitrary content.</summary>
    /// <returns>The path of the DLL.</returns>
    public string Add(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.Combine(Root, name));
        File.WriteAllBytes(Dll(name), content);
        return Dll(name);
    }

    public PluginCatalog Discover() => PluginCatalog.Discover([Root]);

    /// <summary>Discovers the only plugin in the folder.</summary>
    public Plugin Single() => Discover().Plugins.Single();

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows locks a DLL that was loaded from its file until the process ends.
        }
    }

    private static string[] NamesIn(string folder) => [.. Directory.EnumerateDirectories(folder).Select(Path.GetFileName).Order().OfType<string>()];
}
