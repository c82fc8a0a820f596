using System.Security.Cryptography;
using System.Text;

namespace Ctc.Hosting;

/// <summary>A plugin's DLL and the other files of its folder that can be loaded, as recorded with a run.</summary>
/// <param name="Path">The path of the DLL.</param>
/// <param name="Version">The assembly's version.</param>
/// <param name="Sha256">The digest of the DLL's bytes, 64 lower-case hexadecimal digits.</param>
public sealed record PluginFile(string Path, string Version, string Sha256)
{
    private readonly Lazy<IReadOnlyList<LoadableFile>> files = new([]);

    /// <summary>Gets the name of the DLL without folder and extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>
    /// Gets the other files from which the plugin can load code: private assemblies, native libraries, and, beside such files, the
    /// <c>.deps.json</c> that determines which of them is used. Assemblies that come from the host are left out.
    /// </summary>
    /// <value>Sorted by name. The files are read when the property is read for the first time; the default is none.</value>
    /// <exception cref="PluginException">The folder holds too many files, or one of them changed after it was loaded.</exception>
    public IReadOnlyList<LoadableFile> Files
    {
        get => files.Value;
        init => files = new(value);
    }

    /// <summary>Gets one digest of all that can be loaded.</summary>
    /// <value>64 lower-case hexadecimal digits: <see cref="Sha256"/> if there are no <see cref="Files"/>.</value>
    public string Digest
    {
        get
        {
            if (Files.Count == 0) return Sha256;
            string list = string.Concat(Files.Select(file => $"{file.Sha256}  {file.Name}\n"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Sha256}\n{list}")));
        }
    }

    /// <summary>Gets the source of <see cref="Files"/>, read when needed, because native libraries may be large.</summary>
    internal Lazy<IReadOnlyList<LoadableFile>> LazyFiles
    {
        init => files = value;
    }

    /// <inheritdoc/>
    public bool Equals(PluginFile? other) =>
        other is not null && (Path, Version, Sha256) == (other.Path, other.Version, other.Sha256) && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Version, Sha256);
}
