using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Decoding;

/// <summary>The texts of outputs of other programs: a name and a text a line, as the file <c>text</c> of Kaldi.</summary>
public sealed class EmissionTexts
{
    private readonly string file;
    private readonly Dictionary<string, string[]> words = [];

    private EmissionTexts(string file) => this.file = file;

    /// <summary>Loads a file.</summary>
    /// <param name="file">In each line a name, a blank and the words of the text, which may be none.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or a name occurs twice.</exception>
    public static EmissionTexts Load(string file)
    {
        var texts = new EmissionTexts(file);
        foreach ((string where, string text) in TextLines.Load(file))
        {
            string[] fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || texts.words.TryAdd(fields[0], fields[1..])) continue;
            throw new InvalidDataException($"{where}: the name '{Printable.Line(fields[0])}' occurs twice; expected one text for each.");
        }

        return texts;
    }

    /// <summary>Returns the words of an output.</summary>
    /// <param name="emission">Its id is the name in the file.</param>
    /// <exception cref="InvalidDataException">There is no line with the name.</exception>
    public IReadOnlyList<string> Find(Emission emission)
    {
        ArgumentNullException.ThrowIfNull(emission);
        return words.TryGetValue(emission.Id, out string[]? found)
            ? found
            : throw new InvalidDataException(
                $"{emission.Name} has no text in {file}; expected a line that begins with '{Printable.Line(emission.Id)}'.");
    }
}
