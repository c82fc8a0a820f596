using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Manifest;

public class PieceModelTests
{
    private static readonly TextRules Rules = new(UnicodeForm.Nfc) { WhiteSpace = WhiteSpace.Collapse, Unit = TextUnit.Piece };

    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [TestCase("sentencepiece_unigram")]
    [TestCase("sentencepiece_bpe")]
    public void Texts_are_split_as_by_SentencePiece(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        File.WriteAllBytes(folder.In(name), Convert.FromBase64String(golden.Parameters["model"]!.GetValue<string>()));
        SymbolText symbols = new(Rules, folder.In(name));
        foreach (var text in golden.Expected.AsObject())
        {
            string[] expected = [.. text.Value!.AsArray().Select(piece => piece!.GetValue<string>().Replace('▁', ' '))];
            Assert.That(symbols.Split(text.Key), Is.EqualTo(expected));
            Assert.That(string.Concat(expected).TrimStart(' '), Is.EqualTo(text.Key));
            Assert.That(symbols.Listed, Is.SupersetOf(expected.Distinct()));
        }

        Assert.That(
            () => symbols.Split("the 漢 sign"),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("no piece of the model has '漢'; expected a text that its pieces spell"));
        Assert.That(symbols.Symbol("▁the"), Is.EqualTo(" the"), "as a list of tokens may have it");
    }

    [Test]
    public void Recordings_have_pieces_as_symbols_and_their_readings_are_text()
    {
        GoldenCase golden = GoldenCase.Read("sentencepiece_unigram");
        File.WriteAllBytes(folder.In("model"), Convert.FromBase64String(golden.Parameters["model"]!.GetValue<string>()));
        for (int i = 0; i < 3; i++) WaveFile.Write(folder.In($"{i}.wav"), new Waveform([.. Enumerable.Repeat(i / 8f, 800)], 8000));
        string text = golden.Expected.AsObject().First().Key;
        File.WriteAllLines(folder.In("list"), Enumerable.Range(0, 3).Select(i => $"{{\"audio_filepath\": \"{i}.wav\", \"text\": \"{text}\"}}"));
        RecordingsOptions options = new()
        {
            Train = folder.In("list"), Symbols = folder.In("model"), Unit = TextUnit.Piece, Rate = 8000, Bands = 4,
        };
        var source = new RecordingsSource(options);
        Dataset data = source.Load();
        Assert.That(data.Alphabet.Symbols, Is.EquivalentTo(PieceModel.Load(folder.In("model")).Pieces), "all of the model");
        Assert.That(data.Train[0].Target, Has.Length.EqualTo(golden.Expected.AsObject().First().Value!.AsArray().Count));
        Assert.That(source.ToText([.. data.Train[0].Target.Select(token => data.Alphabet[token])]), Is.EqualTo(text));
        RecordingsOptions without = options with { Symbols = null };
        Assert.That(
            without.Validate(new ValidationContext(without)).First().ErrorMessage,
            Is.EqualTo("unit is piece without a model; expected symbols: a file that spm_train has written"));
    }

    [Test]
    public void Images_have_pieces_as_symbols_too()
    {
        GoldenCase golden = GoldenCase.Read("sentencepiece_unigram");
        File.WriteAllBytes(folder.In("model"), Convert.FromBase64String(golden.Parameters["model"]!.GetValue<string>()));
        for (int i = 0; i < 3; i++) LineImage.Write(folder.In($"{i}.png"), new Utterance($"{i}", new float[8 + (2 * i)], 4 + i, []));
        (string text, int count) = golden.Expected.AsObject().Select(one => (one.Key, one.Value!.AsArray().Count)).First();
        string spaced = text.Replace(" ", "  ", StringComparison.Ordinal);
        File.WriteAllLines(folder.In("images"), Enumerable.Range(0, 3).Select(i => $"{i}.png\t {spaced}"));
        ManifestOptions options = new() { Train = folder.In("images"), Symbols = folder.In("model"), Unit = TextUnit.Piece, Height = 2 };
        var source = new ManifestSource(options);
        Dataset data = source.Load();
        Assert.That(data.Alphabet.Symbols, Is.EquivalentTo(PieceModel.Load(folder.In("model")).Pieces), "all of the model");
        Assert.That(data.Train[0].Target, Has.Length.EqualTo(count), "the number of spaces does not matter");
        Assert.That(source.ToText([.. data.Train[0].Target.Select(token => data.Alphabet[token])]), Is.EqualTo(text));
        Assert.That(Faults(options), Is.Empty);
        Assert.That(
            Faults(options with { Symbols = ManifestOptions.FromAllSets }),
            Is.EqualTo(new[] { "unit is piece without a model; expected symbols: a file that spm_train has written" }));
        Assert.That(
            Faults(options with { Unit = TextUnit.Word, Direction = ReadingDirection.Auto }),
            Is.EqualTo(new[] { "unit is word, and the direction auto puts characters in the order of display; expected another direction" }));

        static IEnumerable<string?> Faults(ManifestOptions of) => of.Validate(new ValidationContext(of)).Select(fault => fault.ErrorMessage);
    }

    [TestCase("")]
    [TestCase("no model")]
    public void A_file_of_another_kind_is_refused_in_one_sentence(string content)
    {
        File.WriteAllText(folder.In("other"), content);
        Assert.That(
            () => PieceModel.Load(folder.In("other")),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"{folder.In("other")} is no model of SentencePiece")
                .And.Message.EndsWith("expected a file that spm_train writes, unigram or BPE.").And.Message.Not.Contains("\n"));
    }
}
