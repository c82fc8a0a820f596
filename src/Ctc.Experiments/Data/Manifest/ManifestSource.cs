using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Images of text lines and their texts, from files and folders.</summary>
[Part("manifest", typeof(ManifestOptions),
    Summary = "Images of text lines and their texts: pairs of files in folders, PAGE-XML, ALTO, label files of PaddleOCR, JSON Lines.")]
internal sealed class ManifestSource(ManifestOptions options, FeatureCache? cache = null) : IDataSource, IGroupedData
{
    /// <inheritdoc/>
    public Dataset Load()
    {
        SymbolText symbols = options.LoadSymbols();
        LabelledSets<ManifestLine> sets = Sets(symbols);
        Alphabet alphabet = ManifestAlphabet.Create(sets, options.Sets, symbols);
        ManifestLine[] lines = [.. sets.All];
        Queue<StoredFeatures?> features = options.Prepare(
            cache ?? FeatureCache.None, sets, LineImage.Method(options.Height, options.Direction), ImageLoader(lines));
        FileDigest.Index?.Save();
        ParsedOnce.Forget();
        return new Dataset(alphabet, options.Height, Images(sets.Train), Images(sets.Dev), Images(sets.Test));

        Utterance[] Images(IReadOnlyList<ManifestLine> set) =>
            [.. set.SelectMany(line => features.Dequeue() is { } own
                ? [line.ToUtterance(alphabet, symbols, options.Height, own)]
                : Array.Empty<Utterance>())];
    }

    // Images are read during training too: the texts of the lines are not kept for that.
    private Func<int, float[]> ImageLoader(IReadOnlyList<ManifestLine> lines)
    {
        (string Where, ImagePart Part)[] images = [.. lines.Select(line => (line.Where, line.Part))];
        var pages = new PageImages();
        return i =>
        {
            try
            {
                return LineImage.LoadFeatures(images[i].Part, pages, options.Height, options.Direction);
            }
            catch (InvalidDataException wrong)
            {
                throw new InvalidDataException($"{images[i].Where}: {wrong.Message}", wrong);
            }
        };
    }

    /// <summary>The images, in the order of the manifests.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> DataFiles() => [.. Sets(options.LoadSymbols()).All.Select(line => line.File)];

    /// <summary>Id, symbols, graph and place of each line of JSON Lines or of a folder; other files have no groups.</summary>
    /// <inheritdoc/>
    public string? ContentWithoutGroups(string file)
    {
        bool hasLines = file == options.Train || file == options.Dev || file == options.Test;
        if (!hasLines || !ManifestFile.IsGrouped(file)) return null;
        IReadOnlyList<ManifestLine> lines = ManifestFile.Load(file, options.LoadSymbols(), options.Root, dropped: options.NewDropped());
        return string.Join('\n', lines.Select(line => Content(line).ToJsonString(JsonForm.Compact)));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> TestGroups() => Sets(options.LoadSymbols()).Test.ToDictionary(line => line.Id, line => line.Group);

    /// <inheritdoc/>
    public string ToText(IReadOnlyList<string> symbols) => options.Rules.ToText(symbols);

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

    /// <summary>Reads a line of a manifest without its text, with the same preprocessing as <see cref="Load"/>.</summary>
    /// <param name="line">Of any manifest.</param>
    /// <param name="pages">Decodes pages.</param>
    /// <exception cref="InvalidDataException">The image is not valid.</exception>
    public Utterance Read(ManifestLine line, PageImages pages)
    {
        float[] features = LineImage.LoadFeatures(line.Part, pages, options.Height, options.Direction);
        return new Utterance(line.Id, features, features.Length / options.Height, []);
    }

    private LabelledSets<ManifestLine> Sets(SymbolText symbols) =>
        ParsedOnce.Find(options, [options.Train, options.Dev, options.Test, symbols.File], () =>
        {
            if (options.Root is { } root && !Directory.Exists(root)) throw new InvalidDataException($"root is {root}, a file; expected a folder.");
            return LabelledSets<ManifestLine>.Load(
                options, (file, dropped) => ManifestFile.Load(file, symbols, options.Root, dropped: dropped));
        });

    // Groups count where they decide the sets.
    private JsonArray Content(ManifestLine line)
    {
        var content = new JsonArray(line.Id, new JsonArray([.. line.Symbols.Select(symbol => (JsonNode)symbol)]), line.Graph?.GetRawText());
        if (line.Place.Length > 0) content.Add(line.Place);
        if (options.SplitBy == SplitUnit.Group) content.Add(line.Group);
        return content;
    }
}
