using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Images of text lines and their texts, from files.</summary>
[Part("manifest", typeof(ManifestOptions),
    Summary = "Images of text lines from label files as PaddleOCR has them, or from JSON Lines with graphs and groups.")]
internal sealed class ManifestSource(ManifestOptions options, FeatureCache? cache = null) : IDataSource, IGroupedData
{
    /// <inheritdoc/>
    public Dataset Load()
    {
        SymbolText symbols = Symbols();
        ManifestSets sets = ManifestSets.Load(options, symbols);
        Alphabet alphabet = ManifestAlphabet.Create(sets, options, symbols);
        ManifestLine[] lines = [.. sets.All];
        Queue<StoredFeatures> features = new((cache ?? FeatureCache.None).Prepare(
            LineImage.Method(options.Height, options.Direction),
            [.. lines.Select(line => FileDigest.Compute(line.Image))],
            ImageLoader(lines)));
        FileDigest.Index?.Save();
        ParsedOnce.Forget();
        return new Dataset(alphabet, options.Height, Images(sets.Train), Images(sets.Dev), Images(sets.Test));

        Utterance[] Images(IReadOnlyList<ManifestLine> set) =>
            [.. set.Select(line => line.ToUtterance(alphabet, symbols, options.Height, features.Dequeue()))];
    }

    // Images are read during training too: the texts of the lines are not kept for that.
    private Func<int, float[]> ImageLoader(IReadOnlyList<ManifestLine> lines)
    {
        (string Where, string Image)[] images = [.. lines.Select(line => (line.Where, line.Image))];
        return i =>
        {
            try
            {
                return LineImage.LoadFeatures(images[i].Image, options.Height, options.Direction);
            }
            catch (InvalidDataException wrong)
            {
                throw new InvalidDataException($"{images[i].Where}: {wrong.Message}", wrong);
            }
        };
    }

    /// <summary>The images, in the order of the manifests.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> DataFiles() => [.. ManifestSets.Load(options, Symbols()).All.Select(line => line.Image)];

    /// <summary>Id, symbols and graph of each line of JSON Lines; label files name no groups.</summary>
    /// <inheritdoc/>
    public string? ContentWithoutGroups(string file) => file == options.Symbols || !ManifestFile.IsJson(file) ? null
        : string.Join('\n', ManifestFile.Load(file, Symbols()).Select(line => new JsonArray(
            line.Id,
            new JsonArray([.. line.Symbols.Select(symbol => (JsonNode)symbol)]),
            line.Graph?.GetRawText()).ToJsonString(JsonForm.Compact)));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> TestGroups() =>
        ManifestFile.Load(options.Test, Symbols()).ToDictionary(line => line.Id, line => line.Group);

    /// <inheritdoc/>
    public Utterance Read(string file) => LineImage.Load(file, options.Height, options.Direction);

    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder)
    {
        string name = FileName.From(utterance.Id);
        string file = Path.Combine(folder, name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? name : name + ".png");
        LineImage.Write(file, utterance, options.Direction);
        return file;
    }

    private SymbolText Symbols() => new(options.Normalization, options.Symbols);
}
