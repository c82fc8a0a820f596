using System.Buffers;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Data.Speech;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>Sentences that a program speaks. The targets are its phones, whose true times are known.</summary>
/// <param name="options">Sentences, voices, features.</param>
/// <param name="synthesizer">The program.</param>
/// <param name="cache">Keeps phones and features; null computes them each time that they are needed.</param>
internal abstract class SynthesisSource(SynthesisOptions options, ISynthesizer synthesizer, FeatureCache? cache) : ISoundSource
{
    private const string Separator = " ";

    private readonly LogMel features = new(options);

    /// <summary>Gets the rules by which manifests of phones are read: they are separated by spaces.</summary>
    public TextRules Rules { get; } = new(UnicodeForm.Nfc) { Unit = TextUnit.Word };

    /// <inheritdoc/>
    public double FrameMilliseconds => options.Hop;

    /// <inheritdoc/>
    public Dataset Load()
    {
        (string Id, string Sentence, string Voice)[] all = [.. Draw()];
        IReadOnlyList<StoredFeatures> stored = (cache ?? FeatureCache.None).Prepare(
            $"{synthesizer.Method}; {features.Method}",
            [.. all.Select(item => $"{item.Voice}\n{item.Sentence}")],
            i => Compute(all[i].Sentence, all[i].Voice));
        (TimedPhone[] Phones, int Features)[] records =
            [.. stored.Select(Parse).Select(record => (record.Phones.Where(phone => phone.Name != options.Unwritten).ToArray(), record.Features))];
        var alphabet = new Alphabet(
            [.. records.SelectMany(record => record.Phones.Select(phone => phone.Name)).Distinct().Order(StringComparer.Ordinal)]);
        Queue<Utterance> utterances = new(
            all.Select((item, i) => ToUtterance(item.Id, item.Voice, records[i].Phones, records[i].Features, stored[i])));
        Utterance[] test = Take(options.TestSentences), dev = Take(options.DevSentences), train = Take(options.TrainSentences);
        features.RequireScaling(train);
        return new Dataset(alphabet, options.Bands, train, dev, test) { FrameMilliseconds = FrameMilliseconds };

        Utterance[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => utterances.Dequeue())];

        Utterance ToUtterance(string id, string voice, TimedPhone[] phones, int start, StoredFeatures record)
        {
            int count = record.Count - start, frames = count / options.Bands;
            long[] target = [.. phones.Select(phone => alphabet.Token(phone.Name))];
            return new Utterance(id, frames, count, room => Read(record, start, room), target)
            {
                Group = voice, Spans = [.. phones.Select(phone => new FrameInterval(Frames(phone.Start, frames), Frames(phone.End, frames)))],
            };
        }
    }

    /// <summary>The program's files, whose versions decide the sound.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> DataFiles() => synthesizer.Files;

    /// <summary>Reads a recording, in any format of sound.</summary>
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

    /// <summary>Speaks the utterance again, into a WAV file.</summary>
    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder)
    {
        if (Draw().FirstOrDefault(item => item.Id == utterance.Id) is not { Sentence: { } sentence, Voice: { } voice }) return null;
        string file = Path.Combine(folder, FileName.From(utterance.Id) + ".wav");
        WaveFile.Write(file, synthesizer.Speak(sentence, voice).Sound);
        return file;
    }

    /// <inheritdoc/>
    public string ToText(IReadOnlyList<string> symbols) => string.Join(Separator, symbols);

    /// <summary>The sentences of all sets with their voices: test, dev, train.</summary>
    private IEnumerable<(string Id, string Sentence, string Voice)> Draw()
    {
        string[] sentences = [.. TextLines.Load(options.Sentences).Select(line => line.Text.Trim()).Where(text => text.Length > 0).Distinct()];
        int needed = options.TestSentences + options.DevSentences + options.TrainSentences;
        if (sentences.Length < needed)
        {
            throw new InvalidDataException(
                $"{options.Sentences} has {sentences.Length} different sentences; expected {needed}: train-sentences, dev-sentences and "
                + "test-sentences.");
        }

        SplitMix64.At(options.Seed, 0).Shuffle<string>(sentences);
        (string Set, int Count)[] sets = [("test", options.TestSentences), ("dev", options.DevSentences), ("train", options.TrainSentences)];
        return sets.SelectMany(set => Enumerable.Range(0, set.Count).Select(k => ($"{set.Set}-{k}", options.AllVoices[k % options.AllVoices.Count])))
            .Zip(sentences, (item, sentence) => (item.Item1, sentence, item.Item2));
    }

    private float[] Compute(string sentence, string voice)
    {
        SpokenSentence spoken = synthesizer.Speak(sentence, voice);
        using SampleReader samples = spoken.Sound.At(options.Rate);
        return PhoneRecord.Format(spoken.Phones, features.Compute(samples));
    }

    private double Frames(double seconds, int frames) => Math.Min(seconds * 1000 / options.Hop, frames);

    private static (TimedPhone[] Phones, int Features) Parse(StoredFeatures stored)
    {
        float[] record = new float[stored.Count];
        stored.Read(record);
        return PhoneRecord.Parse(record);
    }

    private static void Read(StoredFeatures stored, int start, Span<float> room)
    {
        float[] record = ArrayPool<float>.Shared.Rent(stored.Count);
        try
        {
            stored.Read(record.AsSpan(0, stored.Count));
            record.AsSpan(start, room.Length).CopyTo(room);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(record);
        }
    }
}
