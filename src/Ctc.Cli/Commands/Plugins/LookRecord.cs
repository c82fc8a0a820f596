using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>The result of a look at all parts, kept in a file: parts that could be created are not created again for the next listing.</summary>
/// <remarks>
/// It holds for the contents of all files in the folders of the plugins, and of the host's own assemblies and their documentation. A look with a
/// problem is not kept. A record that is damaged or of other files is as if there were none.
/// </remarks>
internal sealed class LookRecord
{
    private static readonly string[] Extensions = [".dll", ".deps.json", ".xml"];

    private readonly string file;
    private readonly PartCatalog parts;
    private readonly string contents;

    private LookRecord(string file, PartCatalog parts) => (this.file, this.parts, contents) = (file, parts, Contents(parts));

    /// <summary>Reads the files of the parts, before anything looks at them.</summary>
    /// <param name="file">The file of the record, existing or not.</param>
    /// <param name="parts">All parts.</param>
    /// <returns>Null if one of their files cannot be read.</returns>
    public static LookRecord? Open(string file, PartCatalog parts)
    {
        try
        {
            return new LookRecord(file, parts);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginException)
        {
            return null;
        }
    }

    /// <summary>Finds what the former look found.</summary>
    /// <param name="only">The name of the only parts; null for all.</param>
    /// <returns>The parts; null if no look at these files is recorded.</returns>
    public IReadOnlyList<SeenPart>? Find(string? only)
    {
        try
        {
            string[] kept = File.Exists(file) ? Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file)).Split('\n', 2) : [];
            if (kept is not [var seal, var text] || seal != Seal(text)) return null;
            var options = JsonSerializer.Deserialize<OptionDescription[][]>(text, RunJson.Line)!;
            return [.. parts.All.Zip(options, (part, its) => new SeenPart(part, its, null)).Where(part => PluginLook.IsAmong(part.Part, only))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps the result of a look; not if there is a problem, or if a file has changed since the record was opened.</summary>
    /// <param name="seen">All parts.</param>
    public void Keep(IReadOnlyList<SeenPart> seen)
    {
        try
        {
            if (seen.Any(part => part.Problem is not null) || Contents(parts) != contents) return;
            string text = JsonSerializer.Serialize(seen.Select(part => part.Options), RunJson.Line);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WholeFile.WriteShared(file, $"{Seal(text)}\n{text}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginException)
        {
            // The next listing looks again.
        }
    }

    // A line for each file: the digest of its content, and its path. A plugin's DLL may be a link to one in another folder.
    private static string Contents(PartCatalog parts)
    {
        string[] plugins = [.. parts.All.Select(part => part.Origin?.Path).OfType<string>().Distinct()];
        IEnumerable<string> host = PluginLoadContext.FromHost.Select(name => Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        IEnumerable<string> named = host.Concat(plugins)
            .SelectMany(_ => Extensions, Path.ChangeExtension)
            .OfType<string>()
            .Where(File.Exists);
        IEnumerable<string> inFolders = plugins.SelectMany(dll => new PluginContent(dll).Everything().Order(StringComparer.Ordinal));
        IEnumerable<string> lines = named.Concat(inFolders).Distinct()
            .Select(path => $"{(RegularFile.IsHollow(path) ? "" : FileDigest.Compute(path))}  {path}\n");
        string contents = $"{Environment.Version}\n{string.Concat(lines)}";
        FileDigest.Index?.Save();
        return contents;
    }

    private string Seal(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{contents}\n{text}")));
}
