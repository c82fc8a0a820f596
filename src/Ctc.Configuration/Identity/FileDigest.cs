using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ctc.Configuration.Identity;

/// <summary>The SHA-256 of data files, cached, because each run of a sweep uses the same files.</summary>
internal static class FileDigest
{
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Digests = [];

    /// <summary>Computes the digest of a file's content.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">It can no longer be read.</exception>
    public static string Compute(string path)
    {
        FileInfo file = Open(path);
        return Digests.GetOrAdd((path, file.Length, file.LastWriteTimeUtc), _ =>
        {
            using FileStream content = file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(content));
        });
    }

    /// <summary>The length of a file's content in bytes; 0 for what is no regular file.</summary>
    public static long LengthOf(string path) => Open(path).Length;

    // Length and time of a link are those of its target.
    private static FileInfo Open(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }
}
