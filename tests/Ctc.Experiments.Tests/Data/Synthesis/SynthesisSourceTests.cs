using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Speech;
using Ctc.Experiments.Data.Synthesis;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Synthesis;

/// <summary>Speech of a synthesizer whose sound is known: each letter is a tone of 25 ms, after 10 ms of silence.</summary>
public class SynthesisSourceTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Write()
    {
        folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("sentences"), ["ab", " cab ", "", "bba", "ab", "acca", "b"]);
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Targets_are_phones_and_their_times_are_parts_of_frames()
    {
        Dataset data = new Letters(Few(), null).Load();
        Assert.That(data.Alphabet.Symbols, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That((data.Train.Count, data.Dev.Count, data.Test.Count, data.FeatureSize, data.FrameMilliseconds), Is.EqualTo((3, 1, 1, 8, 10)));
        Utterance[] all = [.. data.Train, .. data.Dev, .. data.Test];
        string[] said = [.. all.Select(line => string.Concat(line.Target.Select(token => data.Alphabet[token])))];
        Assert.That(said, Is.EquivalentTo(new[] { "ab", "cab", "bba", "acca", "b" }));
        Assert.That(
            data.Train.Select(line => (line.Id, line.Group)), Is.EqualTo(new[] { ("train-0", "low"), ("train-1", "high"), ("train-2", "low") }));
        foreach (Utterance line in all)
        {
            int letters = line.Target.Length;
            Assert.That(line.Frames, Is.EqualTo((int)Math.Ceiling((10 + (25 * letters)) / 10.0)));
            Assert.That(line.Spans!.SelectMany(span => new[] { span.Start, span.End }), Is.EqualTo(
                Enumerable.Range(0, letters).SelectMany(u => new[] { 1 + (2.5 * u), 3.5 + (2.5 * u) })).Within(1e-5));
        }
    }

    [Test]
    public void A_phone_that_is_left_out_is_spoken_and_the_others_keep_their_times()
    {
        Dataset whole = new Letters(Few(), null).Load(), without = new Letters(Few() with { LeaveOut = "a" }, null).Load();
        Assert.That(without.Alphabet.Symbols, Is.EqualTo(new[] { "b", "c" }));
        foreach ((Utterance line, Utterance other) in whole.Train.Zip(without.Train))
        {
            FrameInterval[] kept = [.. line.Spans!.Where((_, u) => whole.Alphabet[line.Target[u]] != "a")];
            Assert.That(other.ReadFeatures(), Is.EqualTo(line.ReadFeatures()));
            Assert.That((other.Target.Length, other.Spans), Is.EqualTo((kept.Length, kept)));
        }
    }

    [Test]
    public void A_second_start_speaks_nothing_and_has_the_same_numbers()
    {
        using var first = new FeatureCache(folder.In("cache"), Assert.Fail);
        using var second = new FeatureCache(folder.In("cache"), Assert.Fail);
        Dataset spoken = new Letters(Few(), first).Load(), kept = new Letters(Few(), second).Load(), without = new Letters(Few(), null).Load();
        Assert.That((first.Computed, second.Computed), Is.EqualTo((5, 0)));
        foreach (Dataset data in new[] { kept, without })
        {
            Assert.That(data.Train.Select(line => line.ReadFeatures()), Is.EqualTo(spoken.Train.Select(line => line.ReadFeatures())));
            Assert.That(data.Train.Select(line => line.Spans), Is.EqualTo(spoken.Train.Select(line => line.Spans)));
        }
    }

    [Test]
    public void What_is_written_is_read_with_the_same_features()
    {
        var source = new Letters(Few(), null);
        Utterance line = source.Load().Test[0];
        string file = source.Write(line, folder.Path)!;
        Utterance read = source.Read(file);
        Assert.That((read.Id, read.Frames, read.Target.Length), Is.EqualTo(("test-0.wav", line.Frames, 0)));
        Assert.That(read.ReadFeatures(), Is.EqualTo(line.ReadFeatures()).Within(0.02), "samples have 16 bits in a file");
        Assert.That(source.Write(line.WithId("other"), folder.Path), Is.Null);
    }

    [Test]
    public void The_seed_decides_the_sets_and_too_few_sentences_are_refused()
    {
        string[] Ids(int seed) => [.. new Letters(Few() with { Seed = seed }, null).Load().Train.Select(line => string.Join(' ', line.Target))];
        string[] once = Ids(0), again = Ids(0);
        Assert.That(again, Is.EqualTo(once));
        Assert.That(Enumerable.Range(1, 5).Select(seed => string.Join(',', Ids(seed))), Has.Some.Not.EqualTo(string.Join(',', once)));
        Assert.That(
            () => new Letters(Few() with { TestSentences = 2 }, null).Load(),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("sentences")} has 5 different sentences; expected 6: train-sentences, dev-sentences and test-sentences."));
        FliteOptions silent = new() { Sentences = "x", Voices = [] };
        Assert.That(silent.Validate(new ValidationContext(silent)).First().ErrorMessage, Is.EqualTo("there are no voices; expected at least one"));
    }

    [Test]
    public void Phones_and_features_are_one_record()
    {
        TimedPhone[] phones = [new("ə", 0, 0.5), new("", 0.5, 0.75), new("t͡ʃ", 0.75, 1)];
        float[] record = PhoneRecord.Format(phones, [7, 8]);
        (TimedPhone[] parsed, int features) = PhoneRecord.Parse(record);
        Assert.That(parsed, Is.EqualTo(phones));
        Assert.That(record[features..], Is.EqualTo(new[] { 7, 8 }));
    }

    private FliteOptions Few() => new()
    {
        Sentences = folder.In("sentences"), Voices = ["low", "high"], TrainSentences = 3, DevSentences = 1, TestSentences = 1, Bands = 8,
    };

    private sealed class Letters(SynthesisOptions options, FeatureCache? cache) : SynthesisSource(options, new Tones(), cache);

    private sealed class Tones : ISynthesizer
    {
        private const int Rate = 8000, Silence = 80, Phone = 200;

        public string Method => "tones";

        public IReadOnlyList<string> Files => [];

        public SpokenSentence Speak(string sentence, string voice)
        {
            double factor = voice == "low" ? 1 : 1.5;
            float[] samples =
            [
                .. new float[Silence], .. sentence.SelectMany(letter => Tests.Data.Audio.Tone.Of(factor * 300 * (letter - 'a' + 1), Rate, Phone)),
            ];
            double Time(int u) => (Silence + (u * Phone)) / (double)Rate;
            TimedPhone[] phones = [.. sentence.Select((letter, u) => new TimedPhone($"{letter}", Time(u), Time(u + 1)))];
            return new SpokenSentence(new Waveform(samples, Rate), phones);
        }
    }
}
