using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Images of text lines and their texts, from files.</summary>
[Part("manifest", typeof(ManifestOptions),
    Summary = "Images of text lines from label files as PaddleOCR has them, or from JSON Lines with graphs and groups.")]
internal sealed class ManifestSource(ManifestOptions options) : IDataSource
{
    /// <inheritdoc/>
    public Dataset Load()
    {
        ManifestSets sets = ManifestSets.Load(options);
        Alphabet alphabet = ManifestAlphabet.Create(sets, options);
        return new Dataset(alphabet, options.Height, Images(sets.Train), Images(sets.Dev), Images(sets.Test));

        Utterance[] Images(IReadOnlyList<ManifestLine> lines) => [.. lines.Select(line => line.LoadUtterance(alphabet, options.Height))];
    }

    /// <summary>The images, in the order of the manifests.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> DataFiles() => [.. ManifestSets.Load(options).All.Select(line => line.Image)];

    /// <inheritdoc/>
    public Utterance Read(string file) => LineImage.Load(file, options.Height);

    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder)
    {
        string name = FileName.From(utterance.Id);
        string file = Path.Combine(folder, name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? name : name + ".png");
        LineImage.Write(file, utterance);
        return file;
    }
}
