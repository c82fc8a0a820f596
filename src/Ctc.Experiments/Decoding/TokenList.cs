using System.Globalization;
using System.Text.Json;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Decoding;

/// <summary>The tokens of another program, as it numbers them.</summary>
/// <remarks>
/// Three forms are read: a token a line; a token and its number a line, as <c>tokens.txt</c> of k2 and <c>units.txt</c> of ESPnet; and a JSON object
/// from token to number, as <c>vocab.json</c> of Hugging Face.
/// </remarks>
public sealed class TokenList
{
    private const string WordStart = "▁"; // U+2581, in word pieces

    private static readonly string[] Spaces = ["<space>", "|"];
    private static readonly string[] Blanks = ["<blk>", "<blank>", "<eps>", "<pad>", "[PAD]"];

    private readonly string[] tokens;

    private TokenList(string[] tokens, int blank)
    {
        (this.tokens, Blank) = (tokens, blank);
        string[] symbols = [.. tokens.Where((_, number) => number != blank).Select(Symbol)];
        Alphabet = new Alphabet(symbols);
    }

    /// <summary>Gets the number of tokens, the blank among them.</summary>
    public int Count => tokens.Length;

    /// <summary>Gets the number of the blank in the file.</summary>
    public int Blank { get; }

    /// <summary>
    /// Gets the symbols, the blank first and the others in the order of their numbers. <c>&lt;space&gt;</c> and <c>|</c> are a space, and so is the
    /// mark ▁ of word pieces.
    /// </summary>
    public Alphabet Alphabet { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="file">One of the three forms.</param>
    /// <param name="blank">The token of the blank, or its number; null for <c>&lt;blk&gt;</c> or <c>&lt;blank&gt;</c> and their like, else 0.</param>
    /// <returns>The tokens.</returns>
    /// <exception cref="InvalidDataException">The file has another form, a token or number occurs twice, or there is no such blank.</exception>
    public static TokenList Load(string file, string? blank = null)
    {
        string[] lines = [.. TextLines.Load(file).Select(line => line.Text)];
        string[] tokens = lines.Length > 0 && lines[0].StartsWith('{') ? FromObject(string.Concat(lines), file) : FromLines(lines, file);
        if (tokens.Length == 0) throw new InvalidDataException($"{file} has no tokens; expected one a line.");
        int at = blank is not null ? FindBlank(tokens, blank, file) : Math.Max(Array.FindIndex(tokens, token => Blanks.Contains(token)), 0);
        try
        {
            return new TokenList(tokens, at);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{file}: {fault.Message}", fault);
        }
    }

    private static int FindBlank(string[] tokens, string blank, string file)
    {
        int at = Array.IndexOf(tokens, blank);
        if (at < 0 && (!int.TryParse(blank, NumberStyles.None, CultureInfo.InvariantCulture, out at) || at >= tokens.Length)) at = -1;
        return at >= 0
            ? at
            : throw new InvalidDataException($"{file} has no token '{Printable.Line(blank)}' for the blank; expected one, or its number.");
    }

    private static string[] FromLines(string[] lines, string file)
    {
        string[] filled = [.. lines.Where(line => line.Length > 0)];
        var numbered = new Dictionary<string, int>();
        foreach (string line in filled)
        {
            int space = line.LastIndexOfAny([' ', '\t']);
            if (space <= 0 || !int.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return filled;
            string token = line[..space].TrimEnd(' ', '\t');
            if (!numbered.TryAdd(token.Length == 0 ? " " : token, number))
            {
                throw new InvalidDataException($"{file} holds '{Printable.Line(token)}' twice; expected it once.");
            }
        }

        return Ordered(numbered, file);
    }

    private static string[] FromObject(string text, string file)
    {
        try
        {
            return Ordered(JsonSerializer.Deserialize<Dictionary<string, int>>(text)!, file);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file} is no JSON object from token to number ({fault.Message}); expected one.", fault);
        }
    }

    private static string[] Ordered(Dictionary<string, int> numbers, string file)
    {
        var tokens = new string?[numbers.Count];
        foreach ((string token, int number) in numbers)
        {
            if (number < 0 || number >= tokens.Length || tokens[number] is not null)
            {
                throw new InvalidDataException(
                    $"{file} gives '{Printable.Line(token)}' the number {number}; expected the numbers from 0 to {tokens.Length - 1}, each once.");
            }

            tokens[number] = token;
        }

        return tokens!;
    }

    private static string Symbol(string token) => Spaces.Contains(token) ? " " : token.Replace(WordStart, " ", StringComparison.Ordinal);
}
