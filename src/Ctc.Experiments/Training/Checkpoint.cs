using System.IO.Compression;
using System.Text.Json;
using Ctc.Experiments.Runs;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>A training after an epoch, in one file: a zip archive of the weights, the optimiser and where training stands.</summary>
/// <remarks>No generator is saved: all chance is a function of the seed and the epoch. The archive's checksums find damaged files.</remarks>
internal static class Checkpoint
{
    private const string Weights = "weights", Optimizer = "optimizer", State = "state.json";

    public static void Save(string path, Encoder network, OptimizerHelper optimizer, TrainingState state) => WholeFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, Weights, entry => network.save(entry));
        Add(archive, Optimizer, entry => optimizer.save_state_dict(new BinaryWriter(entry)));
        Add(archive, State, entry => JsonSerializer.Serialize(entry, state, RunJson.Page));
    });

    /// <summary>Where training stood.</summary>
    public static TrainingState Read(string path) => Open(path, archive =>
    {
        using Stream state = archive.GetEntry(State)!.Open();
        return JsonSerializer.Deserialize<TrainingState>(state, RunJson.Page)!;
    });

    /// <summary>Puts the weights into a network, and the optimiser's state into an optimiser if one is given.</summary>
    public static void Load(string path, Encoder network, OptimizerHelper? optimizer = null) => Open(path, archive =>
    {
        network.load(Bytes(archive, Weights));
        optimizer?.load_state_dict(new BinaryReader(Bytes(archive, Optimizer)));
        return true;
    });

    private static T Open<T>(string path, Func<ZipArchive, T> read)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            return read(archive);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or NullReferenceException or EndOfStreamException or ArgumentException)
        {
            throw new RunFolderException($"{path}: {error.Message.TrimEnd('.')}; expected a checkpoint of this version. Delete it to start again.");
        }
    }

    private static MemoryStream Bytes(ZipArchive archive, string name)
    {
        var bytes = new MemoryStream();
        using (Stream entry = archive.GetEntry(name)!.Open()) entry.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    }

    // Through memory: what TorchSharp writes to must seek, which an entry cannot, and is closed by it.
    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        write(bytes);
        using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes.ToArray());
    }
}

/// <summary>Where training stands after an epoch, and what a model was made for.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Best">The best epoch so far by the dev set, 0 before the first.</param>
/// <param name="FeatureSize">The numbers in an input frame.</param>
/// <param name="Symbols">The alphabet without the blank.</param>
internal sealed record TrainingState(int Epoch, long Step, int Best, int FeatureSize, IReadOnlyList<string> Symbols);
