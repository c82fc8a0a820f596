using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ctc.Configuration.Identity;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Files;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>
/// A training after an epoch, in one file: a zip archive of the weights, the state of the objective's parts, of the optimiser and of the
/// training.
/// </summary>
/// <remarks>
/// State is stored by name: weights by theirs, a part by its place and name, an optimiser's for each parameter in the order of a list of names. No
/// random generator is saved: all draws are a function of the seed and the epoch. Digests detect damaged files.
/// </remarks>
internal sealed class Checkpoint
{
    private const string Weights = "weights", Order = "optimizer.json", StateEntry = "state.json", Digests = "sha256.json";

    private readonly string path;
    private readonly Dictionary<string, byte[]> entries;

    private Checkpoint(string path, Dictionary<string, byte[]> entries, TrainingState state)
    {
        this.path = path;
        this.entries = entries;
        State = state;
    }

    /// <summary>Gets the state of the training.</summary>
    public TrainingState State { get; }

    /// <summary>Loads a file and checks its digests.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identities">The identity of the run, then those of the runs that it continues.</param>
    /// <exception cref="RunFolderException">It is missing or damaged, or of another run.</exception>
    public static Checkpoint Open(string path, IReadOnlyList<string> identities)
    {
        Checkpoint checkpoint = Open(path, " --fresh trains again.");
        if (identities.Contains(checkpoint.State.Identity)) return checkpoint;
        (string found, string expected) = (RunIdentity.Abbreviate(checkpoint.State.Identity), RunIdentity.Abbreviate(identities[0]));
        throw new RunFolderException($"{path} is of another run, {found}; expected {expected}. --fresh trains again.");
    }

    /// <summary>Loads a file of any run and checks its digests.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunFolderException">It is missing or damaged.</exception>
    public static Checkpoint OpenAny(string path) => Open(path, "");

    private static Checkpoint Open(string path, string advice)
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

            return new Checkpoint(path, entries, JsonSerializer.Deserialize<TrainingState>(entries[StateEntry], RunJson.Page)!);
        }
        catch (Exception error) when (
            error is IOException or InvalidDataException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: {error.Message.TrimEnd('.')}; expected a checkpoint of this version.{advice}");
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">Its weights.</param>
    /// <param name="objective">The modules among its parts.</param>
    /// <param name="updates">The optimisers.</param>
    /// <param name="state">The state of the training.</param>
    public static void Save(string path, Encoder network, Objective objective, WeightUpdates updates, TrainingState state)
    {
        var entries = new Dictionary<string, byte[]>
        {
            [Weights] = Written(stream => network.save(stream)),
            [Order] = JsonSerializer.SerializeToUtf8Bytes(updates.Groups.Select(group => group.Names), RunJson.Page),
            [StateEntry] = JsonSerializer.SerializeToUtf8Bytes(state, RunJson.Page),
        };
        foreach ((string name, torch.nn.Module part) in objective.named_children()) entries[Part(name)] = Written(stream => part.save(stream));
        foreach ((int i, (_, OptimizerHelper optimizer)) in updates.Groups.Index())
        {
            entries[Optimizer(i)] = Written(stream => optimizer.save_state_dict(new BinaryWriter(stream)));
        }

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

    /// <summary>Puts the weights into a network.</summary>
    public void LoadInto(Encoder network) => network.load(new MemoryStream(entries[Weights]));

    /// <summary>Puts the state of the objective's parts back.</summary>
    /// <param name="objective">After <see cref="Objective.Begin"/>; it may have fewer parts than the one that was saved.</param>
    /// <exception cref="RunFolderException">There is no state of a part.</exception>
    public void LoadInto(Objective objective)
    {
        foreach ((string name, torch.nn.Module part) in objective.named_children())
        {
            part.load(new MemoryStream(entries.GetValueOrDefault(Part(name)) ?? throw Lacks($"state of the part {name}")));
        }
    }

    /// <summary>Puts the state of the optimisers back.</summary>
    /// <exception cref="RunFolderException">The parameters are not those that were trained.</exception>
    public void LoadInto(WeightUpdates updates)
    {
        byte[] order = entries.GetValueOrDefault(Order) ?? throw Lacks("names of parameters");
        string[][] expected = JsonSerializer.Deserialize<string[][]>(order, RunJson.Page)!;
        foreach ((int i, (IReadOnlyList<string> names, OptimizerHelper optimizer)) in updates.Groups.Index())
        {
            if (i >= expected.Length || !names.SequenceEqual(expected[i]))
            {
                throw Lacks($"state of the parameters {string.Join(", ", names)}, in this order");
            }

            optimizer.load_state_dict(new BinaryReader(new MemoryStream(entries[Optimizer(i)])));
        }
    }

    private static string Optimizer(int group) => $"optimizer/{group}";

    private static string Part(string name) => $"objective/{name}";

    private RunFolderException Lacks(string what) => new($"{path} has no {what}; expected a checkpoint of this version. --fresh trains again.");

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
