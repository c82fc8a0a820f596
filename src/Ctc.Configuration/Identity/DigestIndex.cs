using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ctc.Configuration.Identity;

/// <summary>The digests of files that earlier processes computed, by path and stamp, in one file.</summary>
/// <remarks>
/// A digest is found only if path, length, both times and inode are those at its computation, and is kept only if the stamp is reliable
/// (<see cref="FileStamp.IsReliable"/>). The file is a cache: damaged or unwritable, it is as if it were empty. Of several processes that save at
/// the same time, the last one prevails.
/// </remarks>
internal sealed class DigestIndex
{
    private const int DigestLength = 32;

    private readonly string file;
    private readonly Record[] records; // in the order of their keys
    private readonly Dictionary<Key, Record> added = [];
    private bool isSaved = true;

    private DigestIndex(string file, Record[] records) => (this.file, this.records) = (file, records);

    /// <summary>Loads the index; empty if the file is missing or damaged.</summary>
    public static DigestIndex Load(string file) => new(file, ReadRecords(file));

    /// <summary>The digest of a file's content; null if it is not known.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="stamp">Its stamp now.</param>
    public string? Find(string path, FileStamp stamp)
    {
        var key = Key.From(path);
        int at = MemoryExtensions.BinarySearch(records, new Record { Key = key });
        Record record;
        lock (added)
        {
            if (!added.TryGetValue(key, out record) && at >= 0) record = records[at];
        }

        return stamp.Changed > 0 && record.Key == key && record.Stamp == stamp ? Convert.ToHexStringLower(record.Digest) : null;
    }

    /// <summary>Adds a digest, in memory. <see cref="Save"/> writes it.</summary>
    /// <param name="path">A path.</param>
    /// <param name="stamp">A reliable stamp, read before the content.</param>
    /// <param name="digest">64 hexadecimal digits.</param>
    public void Add(string path, FileStamp stamp, string digest)
    {
        var record = new Record { Key = Key.From(path), Stamp = stamp };
        Convert.FromHexString(digest).CopyTo(record.Digest);
        lock (added) (added[record.Key], isSaved) = (record, false);
    }

    /// <summary>Writes what was added, beside what other processes wrote. Without write access nothing is kept.</summary>
    public void Save()
    {
        string aside = $"{file}.{Guid.NewGuid():n}.new";
        try
        {
            lock (added)
            {
                if (isSaved) return;
                Record[] all = [.. ReadRecords(file).Where(record => !added.ContainsKey(record.Key)), .. added.Values];
                all.AsSpan().Sort();
                ReadOnlySpan<byte> content = MemoryMarshal.AsBytes<Record>(all);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                using (FileStream stream = File.Create(aside))
                {
                    stream.Write(SHA256.HashData(content));
                    stream.Write(content);
                }

                File.Move(aside, file, overwrite: true);
                isSaved = true;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryDelete(aside);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Clearing the cache deletes it.
        }
    }

    private static Record[] ReadRecords(string file)
    {
        try
        {
            ReadOnlySpan<byte> bytes = File.Exists(file) ? File.ReadAllBytes(file) : [];
            if (bytes.Length < DigestLength || (bytes.Length - DigestLength) % Unsafe.SizeOf<Record>() != 0) return [];
            ReadOnlySpan<byte> content = bytes[DigestLength..];
            return SHA256.HashData(content).AsSpan().SequenceEqual(bytes[..DigestLength]) ? MemoryMarshal.Cast<byte, Record>(content).ToArray() : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [InlineArray(DigestLength)]
    private struct Bytes
    {
        private byte first;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Key(ulong High, ulong Low) : IComparable<Key>
    {
        public static Key From(string path)
        {
            ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<byte, ulong>(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
            return new Key(halves[0], halves[1]);
        }

        public int CompareTo(Key other) => (High, Low).CompareTo((other.High, other.Low));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Record : IComparable<Record>
    {
        public Key Key;
        public FileStamp Stamp;
        public Bytes Digest;

        public readonly int CompareTo(Record other) => Key.CompareTo(other.Key);
    }
}
