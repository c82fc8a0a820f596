using System.Globalization;
using System.IO.Compression;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Digits;

/// <summary>Reads the file of digits: gzip, one digit a line, 64 pixels from 0 to 16 row by row, then the label.</summary>
internal static class DigitFile
{
    private const int Pixels = Digit.Size * Digit.Size;

    /// <summary>Reads and checks every line.</summary>
    /// <exception cref="InvalidDataException">The file or a line is not as it should be.</exception>
    public static IReadOnlyList<Digit> Load(string file)
    {
        string[] lines = Decompress(file);
        if (lines.Length == 0) throw new InvalidDataException($"{file} has no lines; expected one digit a line.");
        return [.. lines.Select((line, i) => Parse($"{file}:{i + 1}", i + 1, line))];
    }

    private static string[] Decompress(string file)
    {
        if (!File.Exists(file)) throw new InvalidDataException($"{file} does not exist; expected a gzip file of digits.");
        try
        {
            List<string> lines = [];
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line) lines.Add(line);
            return [.. lines];
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file} is no gzip file or is damaged; expected a gzip file of digits.", e);
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            throw Unreadable.File(file, e);
        }
    }

    private static Digit Parse(string where, int row, string line)
    {
        string[] columns = line.Split(',');
        if (columns.Length != Pixels + 1)
        {
            throw new InvalidDataException($"{where} has {columns.Length} columns; expected {Pixels} pixels and a label.");
        }

        int[] values = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int largest = i < Pixels ? 16 : 9;
            bool whole = int.TryParse(columns[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]);
            if (whole && values[i] <= largest) continue;
            string what = i < Pixels ? $"pixel {i + 1}" : "the label";
            throw new InvalidDataException($"{where}: {what} is '{columns[i]}'; expected a whole number from 0 to {largest}.");
        }

        ReadOnlySpan<int> pixels = values.AsSpan(0, Pixels);
        if (!pixels.ContainsAnyExcept(0)) throw new InvalidDataException($"{where} has no ink; expected a digit.");
        return Digit.Cut(row, values[Pixels], pixels);
    }
}
