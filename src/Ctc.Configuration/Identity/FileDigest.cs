using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ctc.Configuration.Identity;

/// <summary>The SHA-256 of data files, kept, because each run of a sweep uses the same files.</summary>
internal static class FileDigest
{
    private static readonly ConcurrentDictionary<string, (FileStamp Stamp, string Digest)> Digests = [];

    /// <summary>Gets or sets the digests that earlier processes computed.</summary>
    /// <value>Null, the default, if none are kept.</value>
    public static DigestIndex? Index { get; set; }

    /// <summary>Computes the digest of a file's content. A file whose stamp is known is not read.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">It can no longer be read.</exception>
    public static string Compute(string path) => Compute(path, FileStamp.Read(path));

    /// <inheritdoc cref="Compute(string)"/>
    /// <param name="path">The file.</param>
    /// <param name="stamp">Its stamp, read before.</param>
    public static string Compute(string path, FileStamp stamp)
    {
        if (Digests.TryGetValue(path, out var known) && known.Stamp == stamp) return known.Digest;

        string digest = Index?.Find(path, stamp) ?? Hash(path, stamp);
        Digests[path] = (stamp, digest);
        return digest;
    }

    /// <summary>The length of a file's content in bytes; 0 for what is no regular file.</summary>
    public static long LengthOf(string path) => FileStamp.Read(path).Length;

    private static string Hash(string path, FileStamp stamp)
    {
        DateTime begin = DateTime.UtcNow;
        using FileStream content = File.OpenRead(path);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        if (stamp.IsReliable(begin)) Index?.Add(path, stamp, digest);
        return digest;
    }
}
