using System.Globalization;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>Cuts a text into pieces, each to be printed as a line.</summary>
internal static class TextPieces
{
    /// <summary>The distinct pieces of a file, in its order.</summary>
    /// <param name="file">UTF-8 text.</param>
    /// <param name="shortest">The characters of the shortest piece.</param>
    /// <param name="longest">The characters of the longest piece.</param>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static IEnumerable<string> Load(string file, int shortest, int longest) =>
        TextLines.Load(file).SelectMany(line => Cut(UnicodeText.Composed(line.Text), shortest, longest)).Distinct();

    /// <summary>
    /// Cuts one line at spaces: each piece is as long as possible. Words longer than a piece, and pieces that are too short, are left out.
    /// </summary>
    internal static IEnumerable<string> Cut(string line, int shortest, int longest)
    {
        string piece = "";
        int length = 0; // in characters, as a reader counts them
        foreach (string word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int added = new StringInfo(word).LengthInTextElements;
            if (length > 0 && length + 1 + added <= longest)
            {
                (piece, length) = ($"{piece} {word}", length + 1 + added);
                continue;
            }

            if (length >= shortest) yield return piece;
            (piece, length) = added <= longest ? (word, added) : ("", 0);
        }

        if (length >= shortest) yield return piece;
    }
}
