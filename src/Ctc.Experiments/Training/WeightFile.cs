using System.Globalization;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Training;

/// <summary>The weights of a trained network by name, in one file of the format safetensors.</summary>
/// <remarks>
/// The metadata hold the identity of the run as <c>run</c>, its resolved configuration as <c>experiment</c>, the numbers in an input frame as
/// <c>feature_size</c>, the names of the V tokens as <c>symbols</c>, a JSON list, and the token of the blank as <c>blank</c>.
/// </remarks>
internal static class WeightFile
{
    private const string FeatureSize = "feature_size", Extension = ".safetensors";

    /// <summary>Whether a path has the extension of such a file.</summary>
    public static bool IsAt(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a file. The same network gives the same bytes.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="network">On the CPU.</param>
    /// <param name="identity">The identity of the run.</param>
    /// <param name="experiment">The resolved configuration, JSON.</param>
    /// <param name="state">The state of its training, which knows features and tokens.</param>
    public static void Write(string path, Encoder network, string identity, string experiment, TrainingState state)
    {
        Dictionary<string, Tensor> weights = network.state_dict();
        SafetensorsFile.Write(
            path,
            new OrderedDictionary<string, string>(
            [
                KeyValuePair.Create("run", identity),
                KeyValuePair.Create("experiment", experiment),
                KeyValuePair.Create(FeatureSize, state.FeatureSize.ToString(CultureInfo.InvariantCulture)),
                .. TokenNames.From(state.Vocabulary).ToMetadata(),
            ]),
            [.. weights.Select(weight => (weight.Key, weight.Value.dtype, weight.Value.shape))],
            file =>
            {
                foreach (Tensor weight in weights.Values)
                {
                    using var scope = torch.NewDisposeScope();
                    if (weight.numel() > 0) file.Write(weight.detach().contiguous().bytes);
                }
            });
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or its metadata lack what is needed.</exception>
    public static StartingWeights Open(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        bool isSized = int.TryParse(file.Metadata.GetValueOrDefault(FeatureSize), CultureInfo.InvariantCulture, out int featureSize);
        if (!isSized || TokenNames.FromMetadata(file.Metadata) is not { } tokens)
        {
            throw new InvalidDataException(
                $"{path} has no metadata of {FeatureSize}, symbols and blank; expected those of a file that ctc export wrote.");
        }

        return new StartingWeights(path, featureSize, tokens, network => LoadInto(network, file));
    }

    private static void LoadInto(Encoder network, SafetensorsFile file)
    {
        Dictionary<string, Tensor> weights = network.state_dict();
        if (weights.Keys.Except(file.Names).FirstOrDefault() is { } missing) throw new ArgumentException($"there is no weight {missing}");
        if (file.Names.Except(weights.Keys).FirstOrDefault() is { } other) throw new ArgumentException($"there is a weight {other}");
        foreach ((string name, Tensor weight) in weights)
        {
            (long[] found, long[] expected) = (file.ShapeOf(name), weight.shape);
            if (!found.SequenceEqual(expected))
            {
                throw new ArgumentException($"{name} has the shape [{string.Join(", ", found)}], not [{string.Join(", ", expected)}]");
            }

            using Tensor loaded = file.Load(name);
            weight.copy_(loaded);
        }
    }
}
