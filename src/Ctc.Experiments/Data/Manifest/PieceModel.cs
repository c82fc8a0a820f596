using System.Text.RegularExpressions;
using Ctc.Experiments.Files;
using Microsoft.ML.Tokenizers;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>A model of SentencePiece, unigram or BPE, which splits texts into pieces. A piece that begins a word begins with a space.</summary>
/// <remarks>Source: Kudo and Richardson, SentencePiece, EMNLP 2018. The library is that of ML.NET.</remarks>
internal sealed partial class PieceModel
{
    private const char WordStart = '▁'; // U+2581, in place of a space

    private readonly SentencePieceTokenizer tokenizer;

    private PieceModel(SentencePieceTokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        HashSet<string> others = [tokenizer.UnknownToken, tokenizer.BeginningOfSentenceToken, tokenizer.EndOfSentenceToken];
        Pieces =
        [
            .. tokenizer.Vocabulary.OrderBy(piece => piece.Value).Select(piece => piece.Key)
                .Where(piece => !others.Contains(piece) && !Byte().IsMatch(piece)).Select(WithSpaces),
        ];
    }

    /// <summary>Gets the pieces in the order of the model, without those of control and of bytes.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="file">A file that <c>spm_train</c> has written.</param>
    /// <exception cref="InvalidDataException">It is none. The message names it.</exception>
    public static PieceModel Load(string file)
    {
        byte[] model;
        try
        {
            model = File.ReadAllBytes(file);
        }
        catch (Exception failure) when (Unreadable.Is(failure))
        {
            throw Unreadable.File(file, failure);
        }

        try
        {
            using var stream = new MemoryStream(model);
            return new PieceModel(SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // the library has no exception of its own
        {
            throw new InvalidDataException(
                $"{file} is no model of SentencePiece ({failure.Message.TrimEnd('.')}); expected a file that spm_train writes, unigram or BPE.",
                failure);
        }
    }

    /// <summary>A piece with a space in place of the mark of a word's start.</summary>
    public static string WithSpaces(string piece) => piece.Replace(WordStart, ' ');

    /// <summary>Splits a text into the pieces that the model finds best.</summary>
    /// <exception cref="InvalidDataException">It has a character that is in no piece.</exception>
    public IEnumerable<string> Split(string text)
    {
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(
            text, out string? normalized, addBeginningOfSentence: false, addEndOfSentence: false);
        if (tokens.Count == 0 && text.Length > 0)
        {
            // Version 2.0.1 normalizes a text of one character to none.
            text = (tokenizer.AddDummyPrefix ? WordStart + text : text).Replace(' ', WordStart);
            tokens = tokenizer.EncodeToTokens(
                text, out normalized, addBeginningOfSentence: false, addEndOfSentence: false, considerNormalization: false);
        }

        foreach (EncodedToken token in tokens.Where(token => token.Id == tokenizer.UnknownId || Byte().IsMatch(token.Value)))
        {
            string unknown = WithSpaces((string.IsNullOrEmpty(normalized) ? text : normalized)[token.Offset]);
            throw new InvalidDataException($"no piece of the model has '{unknown}'; expected a text that its pieces spell");
        }

        return tokens.Select(token => WithSpaces(token.Value));
    }

    [GeneratedRegex("^<0x[0-9A-Fa-f]{2}>$")]
    private static partial Regex Byte();
}
