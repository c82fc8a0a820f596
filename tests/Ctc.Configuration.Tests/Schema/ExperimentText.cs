using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Tests.Schema;

/// <summary>A folder with a data file, and experiments parsed as if they were its file x.yaml.</summary>
internal sealed class ExperimentText : IDisposable
{
    /// <summary>The keys that every experiment must have, in three lines.</summary>
    public const string Least = "name: x\ndata: { source: synthetic }\nmodel: { encoder: bilstm }\n";

    public ExperimentText()
    {
        Folder = Directory.CreateTempSubdirectory("ctc-").FullName;
        Write("lines.csv", "a,b");
    }

    public string Folder { get; }

    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public Experiment Bind(string text, params string[] overrides) =>
        ExperimentFile.Parse(text, "x.yaml", Folder).With(overrides).Bind(FakeParts.Catalog);

    /// <summary>The error message, with the folder replaced by "~".</summary>
    public string Refusal(string text, params string[] overrides) =>
        Assert.Throws<ConfigurationException>(() => Bind(text, overrides))!.Message.Replace(Folder, "~", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
