using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The record of a run: its experiment, plugins, versions and device: <c>run.json</c>.</summary>
/// <param name="Identity">64 hexadecimal digits; runs of one identity give the same numbers.</param>
/// <param name="Experiment">The resolved configuration.</param>
/// <param name="Plugins">The files of the parts that it uses.</param>
/// <param name="Versions">The versions of the command, TorchSharp, libtorch, .NET and the operating system.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">The number of threads for computing.</param>
/// <param name="GitCommit">The commit of the experiment's folder, where that is a git checkout.</param>
public sealed record RunRecord(
    string Identity,
    JsonObject Experiment,
    IReadOnlyList<PluginFile> Plugins,
    IReadOnlyDictionary<string, string> Versions,
    string Device,
    int Threads,
    string? GitCommit)
{
    /// <summary>Gets the identities of the runs of fewer epochs that it continues: checkpoints in its folder may be theirs.</summary>
    /// <value>Null, the default, if it began with its first epoch.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Continues { get; init; }

    /// <summary>Gets what training started from, and what was copied of it.</summary>
    /// <value>Null, the default, if it started from random weights.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WeightOrigin? StartedFrom { get; init; }

    /// <summary>Gets the identities of the checkpoints that its folder may hold.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> Identities => [Identity, .. Continues ?? []];

    /// <summary>Describes a run that is about to start.</summary>
    /// <param name="experiment">The experiment to run.</param>
    /// <param name="folder">The folder of the experiment's file.</param>
    /// <param name="device">The device that it uses.</param>
    /// <returns>A record.</returns>
    public static RunRecord Create(Experiment experiment, string folder, torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(device);
        return new RunRecord(
            RunIdentity.Compute(experiment, Numerics.Version),
            experiment.ToJson(),
            PluginsOf(experiment),
            new Dictionary<string, string>
            {
                ["ctc"] = typeof(RunRecord).Assembly.GetName().Version!.ToString(3),
                ["torchsharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
                ["libtorch"] = torch.__version__,
                ["dotnet"] = Environment.Version.ToString(),
                ["system"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
            },
            device.type == DeviceType.CUDA ? "cuda" : "cpu",
            experiment.Train.Threads,
            GitCheckout.FindCommit(folder));
    }

    /// <summary>Determines the plugins of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>The files of the parts that it uses.</returns>
    public static IReadOnlyList<PluginFile> PluginsOf(Experiment experiment) =>
        [.. experiment.Parts.Select(part => part.Factory.Origin).OfType<PluginFile>().DistinctBy(file => file.Digest)];
}
