using System.Runtime.ExceptionServices;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Cache;

/// <summary>Features that were computed once and are kept in files, for later runs and for the runs of a sweep.</summary>
/// <remarks>
/// Several processes may use one folder. One at a time computes; the others wait for it and then read what it wrote. Files are packs of many inputs,
/// written under another name and renamed. What is damaged is computed again, and what cannot be written is computed each time that it is needed.
/// </remarks>
public sealed class FeatureCache : IDisposable
{
    private const string Extension = ".pack";
    private const long PackLength = 512L << 20;
    private const int Together = 64; // computed on all cores, before training begins
    private const int Many = 2000; // a minute or more of images
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly string? folder;
    private readonly Action<string> note;
    private readonly Dictionary<string, FeaturePack> packs = [];
    private int computed;
    private bool isDamageTold;

    /// <summary>Creates a cache. Its files are opened when they are needed.</summary>
    /// <param name="folder">The folder of its files, created when the first is written; null if nothing is kept.</param>
    /// <param name="note">Receives a sentence where the user should know: a long computation, damage, a full disk.</param>
    public FeatureCache(string? folder, Action<string> note) => (this.folder, this.note) = (folder, note);

    /// <summary>Gets a cache that keeps nothing: features are computed each time that they are needed.</summary>
    public static FeatureCache None { get; } = new(null, _ => { });

    /// <summary>Gets the number of inputs whose features this object computed.</summary>
    internal int Computed => computed;

    /// <summary>Finds the features of inputs, and computes those that are missing, in order.</summary>
    /// <param name="method">The computation: the version of its code and of its libraries, the processor, all options.</param>
    /// <param name="contents">The digest of the content of each input.</param>
    /// <param name="compute">Computes the features of the input at a position, from several threads; its exceptions are passed on.</param>
    /// <returns>The features of each input, which are not in memory.</returns>
    /// <exception cref="InvalidDataException">Inputs are not valid; the first of them are named, and the features of the others are kept.</exception>
    internal IReadOnlyList<StoredFeatures> Prepare(string method, IReadOnlyList<string> contents, Func<int, float[]> compute)
    {
        var refused = new Refusals();
        IReadOnlyList<StoredFeatures?> prepared = PrepareValid(method, contents, compute, refused);
        refused.Throw();
        return [.. prepared.OfType<StoredFeatures>()];
    }

    /// <summary>Finds the features of the valid inputs, and computes those that are missing, in order.</summary>
    /// <inheritdoc cref="Prepare"/>
    /// <param name="method">The computation: the version of its code and of its libraries, the processor, all options.</param>
    /// <param name="contents">The digest of the content of each input.</param>
    /// <param name="compute">Computes the features of the input at a position, from several threads.</param>
    /// <param name="refused">Receives the inputs that are not valid. The rest is not looked at once it is full.</param>
    /// <returns>The features of each input; null if it is not valid.</returns>
    internal IReadOnlyList<StoredFeatures?> PrepareValid(
        string method, IReadOnlyList<string> contents, Func<int, float[]> compute, Refusals refused)
    {
        FeatureKey[] keys = [.. contents.Select(content => FeatureKey.From(method, content))];
        Dictionary<FeatureKey, StoredFeatures> stored = [];
        HashSet<FeatureKey> invalid = [];
        lock (packs)
        {
            Find(stored, keys);
            if (stored.Count < keys.Distinct().Count() && folder is not null) Fill(stored, keys, compute, refused, invalid);

            // Without a place to keep them only their number is: each input is known to be valid.
            for (int i = 0; i < keys.Length && !refused.IsFull; i++)
            {
                if (stored.ContainsKey(keys[i]) || invalid.Contains(keys[i])) continue;
                int input = i;
                if (!refused.Try(() => stored[keys[input]] = Counted(Compute(compute, input)))) invalid.Add(keys[i]);
            }
        }

        return [.. keys.Select((key, i) => stored.GetValueOrDefault(key)?.ComputedBy(compute, i))];

        StoredFeatures Counted(float[] features) => new(this, pack: null, new PackEntry { Count = features.Length });
    }

    /// <summary>Tells how many lines of a data source are left out, if any are.</summary>
    /// <param name="train">Its training set, by which it is known.</param>
    /// <param name="count">The number of lines.</param>
    internal void TellDropped(string train, int count)
    {
        string lines = count == 1 ? "1 line is not valid and is" : $"{count} lines are not valid and are";
        if (count > 0) note($"{train}: {lines} left out of the data.");
    }

    /// <summary>Computes the features of the input at a position.</summary>
    internal float[] Compute(Func<int, float[]> compute, int input)
    {
        Interlocked.Increment(ref computed);
        return compute(input);
    }

    /// <summary>Measures the files of the cache.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The number of files and their bytes; none if there is no folder.</returns>
    public static (int Files, long Bytes) Measure(string folder)
    {
        FileInfo[] files = [.. FilesIn(folder)];
        return (files.Length, files.Sum(file => file.Exists ? file.Length : 0));
    }

    /// <summary>Deletes the files of the cache. A process that reads them goes on.</summary>
    /// <param name="folder">Its folder. Other files in it stay.</param>
    /// <returns>The number of deleted files and their bytes.</returns>
    /// <exception cref="RunFolderException">A process is computing features.</exception>
    public static (int Files, long Bytes) Clear(string folder)
    {
        if (!Directory.Exists(folder)) return (0, 0);
        using FileStream hold = FolderLock.Hold(folder);
        (int Files, long Bytes) size = Measure(folder);
        foreach (FileInfo file in FilesIn(folder)) file.Delete();
        return size;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (packs)
        {
            foreach (FeaturePack pack in packs.Values) pack.Dispose();
            packs.Clear();
        }
    }

    /// <summary>Tells of damage, once, and deletes the file, so that the next process computes its features again.</summary>
    internal void Discard(FeaturePack pack)
    {
        if (!isDamageTold) note($"{pack.Path} is damaged and is deleted; its features are computed again.");
        isDamageTold = true;
        TryDelete(pack.Path);
    }

    private static IEnumerable<FileInfo> FilesIn(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*" + Extension + "*")
        : [];

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is found damaged again.
        }
    }

    private void Find(Dictionary<FeatureKey, StoredFeatures> stored, IReadOnlyCollection<FeatureKey> keys)
    {
        HashSet<FeatureKey> wanted = [.. keys];
        foreach (string path in folder is null ? [] : FilesIn(folder).Select(file => file.FullName).Where(IsPack))
        {
            if (!packs.TryGetValue(path, out FeaturePack? pack) && (pack = TryOpen(path)) is null) continue;
            bool isUsed = packs.ContainsKey(path);
            foreach (PackEntry entry in pack.Entries.Where(entry => wanted.Contains(entry.Key)))
            {
                isUsed = true;
                stored.TryAdd(entry.Key, new StoredFeatures(this, pack, entry));
            }

            if (isUsed) packs[path] = pack;
            else pack.Dispose();
        }
    }

    private FeaturePack? TryOpen(string path)
    {
        try
        {
            if (FeaturePack.Open(path) is { } pack) return pack;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // deleted since it was listed, or of another user
        }

        if (!isDamageTold) note($"{path} is damaged and is deleted; its features are computed again.");
        isDamageTold = true;
        TryDelete(path);
        return null;
    }

    private void Fill(
        Dictionary<FeatureKey, StoredFeatures> stored, FeatureKey[] keys, Func<int, float[]> compute, Refusals refused, HashSet<FeatureKey> invalid)
    {
        ExceptionDispatchInfo? fault = null; // of an input, not of the cache
        try
        {
            using FileStream hold = Hold();
            Find(stored, keys); // what another process computed meanwhile
            foreach (FileInfo left in FilesIn(folder!).Where(file => !IsPack(file.FullName))) left.Delete(); // by a process that was killed
            int[] missing = [.. Enumerable.Range(0, keys.Length).Where(i => !stored.ContainsKey(keys[i])).DistinctBy(i => keys[i])];
            if (missing.Length >= Many) note($"The features of {missing.Length} inputs are computed, once, into {folder}.");
            for (int next = 0; next < missing.Length && fault is null && !refused.IsFull;)
            {
                int written = 0;
                string path = Path.Combine(folder!, Guid.NewGuid().ToString("n") + Extension);
                WholeFile.Write(path, stream => FeaturePack.Write(stream, Inputs(stream)));
                if (written == 0) File.Delete(path); // nothing but faults
                Find(stored, keys);

                IEnumerable<(FeatureKey, float[])> Inputs(Stream stream)
                {
                    while (next < missing.Length && stream.Position < PackLength && fault is null && !refused.IsFull)
                    {
                        int[] some = missing[next..Math.Min(next + Together, missing.Length)];
                        foreach ((float[]? features, ExceptionDispatchInfo? failure) in some.AsParallel().AsOrdered().Select(TryCompute).ToArray())
                        {
                            int input = missing[next++];
                            if (features is not null)
                            {
                                written++;
                                yield return (keys[input], features);
                            }
                            else if (failure!.SourceException is InvalidDataException wrong)
                            {
                                invalid.Add(keys[input]);
                                refused.Add(wrong.Message);
                            }
                            else
                            {
                                fault = failure;
                                break;
                            }
                        }
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string cause = failure.Message.TrimEnd('.');
            note($"Features cannot be kept in {folder}: {cause}. They are computed again each time that they are needed, which is slower.");
        }

        fault?.Throw();

        (float[]? Features, ExceptionDispatchInfo? Fault) TryCompute(int i)
        {
            try
            {
                return (Compute(compute, i), null);
            }
            catch (Exception failure)
            {
                return (null, ExceptionDispatchInfo.Capture(failure));
            }
        }
    }

    private FileStream Hold()
    {
        try
        {
            return FolderLock.Hold(folder!);
        }
        catch (RunFolderException)
        {
            note($"Another process computes features in {folder}; this one waits for it.");
            return FolderLock.Hold(folder!, Patience);
        }
    }

    private static bool IsPack(string path) => path.EndsWith(Extension, StringComparison.Ordinal);
}
