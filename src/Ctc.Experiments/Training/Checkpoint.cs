using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>
/// A training after an epoch, in one file: a zip archive of the weights, the state of the objective's parts, of the optimiser and of the
/// training.
/// </summary>
/// <remarks>No random generator is saved: all draws are a function of the seed and the epoch. Digests detect damaged files.</remarks>
internal sealed class Checkpoint
{
    private const string Weights = "weights", Optimizer = "optimizer", StateEntry = "state.json", Digests = "sha256.json";

    private readonly Dictionary<string, byte[]> entries;

    private Checkpoint(Dictionary<string, byte[]> entries, TrainingState state)
    {
        this.entries = entries;
        State = state;
    }

    /// <summary>Gets the state of the training.</summary>
    public TrainingState State { get; }

    /// <summary>Loads a file and checks its digests.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The identity of the run.</param>
    /// <exception cref="RunFolderException">It is missing or damaged, or of another run.</exception>
    public static Checkpoint Open(string path, string identity)
    {
        Checkpoint checkpoint = Open(path);
        if (checkpoint.State.Identity == identity) return checkpoint;
        (string found, string expected) = (RunIdentity.Abbreviate(checkpoint.State.Identity), RunIdentity.Abbreviate(identity));
        throw new RunFolderException($"{path} is of another run, {found}; expected {expected}. --fresh trains again.");
    }

    private static Checkpoint Open(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            Dictionary<string, byte[]> entries = archive.Entries.ToDictionary(entry => entry.FullName, Bytes);
            var digests = JsonSerializer.Deserialize<Dictionary<string, string>>(entries[Digests], RunJson.Page)!;
            foreach ((string name, string digest) in digests)
            {
                if (Digest(entries[name]) != digest) throw new InvalidDataException($"its {name} is damaged");
            }

            return new Checkpoint(entries, JsonSerializer.Deserialize<TrainingState>(entries[StateEntry], RunJson.Page)!);
        }
        catch (Exception error) when (
            error is IOException or InvalidDataException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: {error.Message.TrimEnd('.')}; expected a checkpoint of this version. --fresh trains again.");
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">Its weights.</param>
    /// <param name="parts">The modules of the objective, in its order.</param>
    /// <param name="optimizer">Its state.</param>
    /// <param name="state">The state of the training.</param>
    public static void Save(string path, Encoder network, IReadOnlyList<torch.nn.Module> parts, OptimizerHelper optimizer, TrainingState state)
    {
        var entries = new Dictionary<string, byte[]>
        {
            [Weights] = Written(stream => network.save(stream)),
            [Optimizer] = Written(stream => optimizer.save_state_dict(new BinaryWriter(stream))),
            [StateEntry] = JsonSerializer.SerializeToUtf8Bytes(state, RunJson.Page),
        };
        for (int i = 0; i < parts.Count; i++) entries[Part(i)] = Written(stream => parts[i].save(stream));
        entries[Digests] = JsonSerializer.SerializeToUtf8Bytes(entries.ToDictionary(entry => entry.Key, entry => Digest(entry.Value)), RunJson.Page);
        WholeFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        });
    }

    /// <summary>Puts the weights into a network, and the optimiser's state into an optimiser if one is given.</summary>
    public void LoadInto(Encoder network, OptimizerHelper? optimizer = null)
    {
        network.load(new MemoryStream(entries[Weights]));
        optimizer?.load_state_dict(new BinaryReader(new MemoryStream(entries[Optimizer])));
    }

    /// <summary>Puts the state of the objective's parts back.</summary>
    public void LoadInto(IReadOnlyList<torch.nn.Module> parts)
    {
        for (int i = 0; i < parts.Count; i++) parts[i].load(new MemoryStream(entries[Part(i)]));
    }

    private static string Part(int position) => $"part-{position}";

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (Stream stored = entry.Open()) stored.CopyTo(bytes);
        return bytes.ToArray();
    }

    // Through memory: TorchSharp needs a stream that can seek, and an entry of an archive cannot.
    private static byte[] Written(Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        write(bytes);
        return bytes.ToArray();
    }
}
