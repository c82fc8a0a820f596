using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Speech;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>Recordings and their texts, from manifests.</summary>
[Part("recordings", typeof(RecordingsOptions),
    Summary = "Recordings and their texts: JSON Lines with the keys of NeMo, data folders of Kaldi. Log-mel features of WAV, FLAC, OGG, MP3.")]
internal sealed class RecordingsSource(RecordingsOptions options, FeatureCache? cache = null) : ISoundSource, IGroupedData
{
    private readonly LogMel features = new(options);

    /// <inheritdoc/>
    public TextRules Rules => options.Rules;

    /// <inheritdoc/>
    public double FrameMilliseconds => options.Hop;

    /// <inheritdoc/>
    public Dataset Load()
    {
        SymbolText symbols = options.LoadSymbols();
        LabelledSets<Recording> sets = Sets(symbols);
        Alphabet alphabet = ManifestAlphabet.Create(sets, options.Sets, symbols);
        Recording[] lines = [.. sets.All];
        Queue<StoredFeatures?> stored = options.Prepare(
            cache ?? FeatureCache.None, sets, features.Method, i => lines[i].Compute(features, options));
        FileDigest.Index?.Save();
        ParsedOnce.Forget();
        Utterance[] train = Utterances(sets.Train), dev = Utterances(sets.Dev), test = Utterances(sets.Test);
        features.RequireScaling(train);
        return new Dataset(alphabet, options.Bands, train, dev, test) { FrameMilliseconds = FrameMilliseconds };

        Utterance[] Utterances(IReadOnlyList<Recording> set) =>
            [.. set.SelectMany(line => stored.Dequeue() is { } own ? [ToUtterance(line, alphabet, own)] : Array.Empty<Utterance>())];
    }

    /// <summary>The recordings, in the order of the manifests.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> DataFiles() => [.. Sets(options.LoadSymbols()).All.Select(line => line.File)];

    /// <summary>Id, symbols, times and piece of each line.</summary>
    /// <inheritdoc/>
    public string? ContentWithoutGroups(string file)
    {
        if (file != options.Train && file != options.Dev && file != options.Test) return null;
        IReadOnlyList<Recording> lines = RecordingManifest.Load(file, options.LoadSymbols(), options.Root, dropped: options.NewDropped());
        return string.Join('\n', lines.Select(line => Content(line).ToJsonString(JsonForm.Compact)));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> TestGroups() => Sets(options.LoadSymbols()).Test.ToDictionary(line => line.Id, line => line.Group);

    /// <inheritdoc/>
    public Utterance Read(string file)
    {
        using SampleReader sound = AudioFile.Open(file, options.Rate);
        float[] read = features.Compute(sound);
        return new Utterance(Path.GetFileName(file), read, read.Length / options.Bands, []);
    }

    /// <inheritdoc/>
    public Utterance Read(Recording recording) => recording.ToUtterance(features, options);

    /// <inheritdoc/>
    public IReadOnlyList<FrameInterval>? FindSpans(Recording recording, int frames) => recording.FindSpans(FrameMilliseconds, frames);

    /// <summary>Writes the sound of an utterance of the manifests, at the rate of the features.</summary>
    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder)
    {
        if (Sets(options.LoadSymbols()).All.FirstOrDefault(line => line.Id == utterance.Id) is not { } line) return null;
        string name = FileName.From(utterance.Id);
        string file = Path.Combine(folder, name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) ? name : name + ".wav");
        WaveFile.Write(file, new Waveform(AudioFile.Load(line.File, options.Rate, line.Offset, line.Duration), options.Rate));
        return file;
    }

    /// <inheritdoc/>
    public string ToText(IReadOnlyList<string> symbols) => options.Rules.ToText(symbols);

    private LabelledSets<Recording> Sets(SymbolText symbols) => ParsedOnce.Find(
        options,
        [options.Train, options.Dev, options.Test, symbols.File],
        () => LabelledSets<Recording>.Load(
            options, (file, dropped) => RecordingManifest.Load(file, symbols, options.Root, dropped: dropped)));

    private Utterance ToUtterance(Recording line, Alphabet alphabet, StoredFeatures stored)
    {
        int frames = stored.Count / options.Bands;
        return new Utterance(line.Id, frames, stored.Count, stored.Read, [.. line.Symbols.Select(alphabet.Token)])
        {
            Group = line.Group, Spans = line.FindSpans(FrameMilliseconds, frames),
        };
    }

    // Groups count where they decide the sets.
    private JsonArray Content(Recording line)
    {
        var content = new JsonArray(line.Id, new JsonArray([.. line.Symbols.Select(symbol => (JsonNode)symbol)]), line.Place);
        if (line.Times is { } times) content.Add(new JsonArray([.. times.Select(time => (JsonNode)new JsonArray(time.Start, time.End))]));
        if (options.SplitBy == SplitUnit.Group) content.Add(line.Group);
        return content;
    }
}
