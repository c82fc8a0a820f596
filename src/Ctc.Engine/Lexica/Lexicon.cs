using System.Globalization;
using System.Text;

namespace Ctc.Engine.Lexica;

/// <summary>The words of a language, and the symbols that stand for each: several pronunciations or spellings, with weights.</summary>
/// <remarks>
/// In a file each line is a word, perhaps a weight, and symbols, separated by blanks or tabs: the form of Kaldi's <c>lexicon.txt</c> and
/// <c>lexiconp.txt</c>. A second field that is a number with a decimal point, such as 0.7, is the weight if symbols follow.
/// </remarks>
public sealed class Lexicon
{
    private const string Space = "<space>";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, List<Pronunciation>> ofWords = [];

    /// <summary>Creates a lexicon.</summary>
    /// <param name="pronunciations">In any order; that of the pronunciations of a word is kept.</param>
    /// <exception cref="ArgumentException">A pronunciation has no symbols or a wrong weight, or a word has the same symbols twice.</exception>
    public Lexicon(IReadOnlyList<Pronunciation> pronunciations)
    {
        ArgumentNullException.ThrowIfNull(pronunciations);
        for (int i = 0; i < pronunciations.Count; i++)
        {
            if (Add(pronunciations[i]) is { } fault) throw new ArgumentException($"pronunciations[{i}] {fault}.", nameof(pronunciations));
        }

        Pronunciations = [.. pronunciations];
    }

    /// <summary>Gets all pronunciations, in their order.</summary>
    public IReadOnlyList<Pronunciation> Pronunciations { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">UTF-8, composed (NFC) where the texts of the data are; <c>&lt;space&gt;</c> is a space. Empty lines mean nothing.</param>
    /// <exception cref="InvalidDataException">The file cannot be read or is damaged; the message names the line.</exception>
    public static Lexicon Read(string file)
    {
        var lexicon = new Lexicon([]);
        var all = new List<Pronunciation>();
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(file, Strict))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line)) continue;
                Pronunciation read = Parse(line);
                if (lexicon.Add(read) is { } fault) throw new InvalidDataException($"{file}, line {number}: '{line.Trim()}' {fault}.");
                all.Add(read);
            }
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{file}, line {number + 1} or after it: not UTF-8; expected a word and its symbols in each line.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string reason = Directory.Exists(file) ? "it is a folder; expected a file." : error.Message;
            throw new InvalidDataException($"{file}: the lexicon cannot be read: {reason}", error);
        }

        return all.Count > 0 ? new Lexicon(all) : throw new InvalidDataException($"{file}: no word; expected a word and its symbols in each line.");
    }

    /// <summary>Returns the pronunciations of a word.</summary>
    /// <returns>In the order of the lexicon; none if it does not have the word.</returns>
    public IReadOnlyList<Pronunciation> Find(string word) => ofWords.TryGetValue(word, out List<Pronunciation>? found) ? found : [];

    // Returns what is wrong and expected, or null.
    private string? Add(Pronunciation added)
    {
        if (added.Symbols.Count == 0) return $"has no symbols for '{added.Word}'; expected a word, perhaps a weight, and its symbols";
        if (!(added.Weight > 0 && added.Weight <= 1)) return $"has the weight {added.Weight}; expected a number above 0, at most 1";
        if (!ofWords.TryGetValue(added.Word, out List<Pronunciation>? others)) ofWords[added.Word] = others = [];
        if (others.Any(other => other.Symbols.SequenceEqual(added.Symbols)))
        {
            return $"gives '{added.Word}' the same symbols again; expected each pronunciation once";
        }

        others.Add(added);
        return null;
    }

    private static Pronunciation Parse(string line)
    {
        string[] fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        double weight = 1;
        bool weighted = fields.Length > 2 && fields[1].Contains('.', StringComparison.Ordinal)
            && double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out weight);
        return new Pronunciation(
            fields[0], [.. fields.Skip(weighted ? 2 : 1).Select(symbol => symbol == Space ? " " : symbol)], weighted ? weight : 1);
    }
}
