using System.Globalization;
using Ctc;

namespace Morse;

/// <summary>Words in Morse code, as the loudness of a tone over time. A dot lasts two frames, a dash and the gap after a letter six.</summary>
[Part(
    "morse",
    typeof(MorseOptions),
    Summary = "Words in Morse code under noise, drawn anew from a seed; reads text files with a number for each frame.")]
internal sealed class MorseWords(MorseOptions options) : IDataSource
{
    private const int Unit = 2; // frames

    // The letters of one to three signs.
    private static readonly Dictionary<string, string> Codes = new()
    {
        ["E"] = ".", ["T"] = "-", ["I"] = "..", ["A"] = ".-", ["N"] = "-.", ["M"] = "--", ["S"] = "...", ["U"] = "..-",
        ["R"] = ".-.", ["W"] = ".--", ["D"] = "-..", ["K"] = "-.-", ["G"] = "--.", ["O"] = "---",
    };

    private static readonly Alphabet Letters = new([.. Codes.Keys]);

    public Dataset Load() => new(
        Letters,
        featureSize: 1,
        Draw("train", options.TrainWords, purpose: 0),
        Draw("dev", options.TestWords, purpose: 1),
        Draw("test", options.TestWords, purpose: 2));

    public Utterance Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        float[] loudness = [.. lines.Select((line, i) => Number(line, $"{file}:{i + 1}"))];
        return new Utterance(Path.GetFileNameWithoutExtension(file), loudness, loudness.Length, []);
    }

    public string? Write(Utterance utterance, string folder)
    {
        string file = Path.Combine(folder, utterance.Id + ".txt");
        File.WriteAllLines(file, utterance.ReadFeatures().Select(loudness => loudness.ToString(CultureInfo.InvariantCulture)));
        return file;
    }

    private static float Number(string text, string place) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number)
            ? number
            : throw new InvalidDataException($"{place}: found '{text}'; expected the loudness of a frame, a finite number");

    // Each set has its own generator, so that the size of one does not change another.
    private Utterance[] Draw(string set, int words, int purpose)
    {
        var random = new Random((options.Seed * 3) + purpose);
        return [.. Enumerable.Range(0, words).Select(i => Draw($"{set}-{i}", random))];
    }

    private Utterance Draw(string id, Random random)
    {
        long[] target = [.. Enumerable.Range(0, random.Next(1, options.MaxLetters + 1)).Select(_ => (long)random.Next(1, (int)Letters.Size))];
        float[] loudness = [.. target.SelectMany(Tone).Select(tone => (float)(tone + (options.Noise * Gaussian(random))))];
        return new Utterance(id, loudness, loudness.Length, target);
    }

    private static IEnumerable<int> Tone(long letter)
    {
        IEnumerable<int> signs = Codes[Letters[letter]].SelectMany(sign => Stretch(1, sign == '.' ? 1 : 3).Concat(Stretch(0, 1)));
        return signs.Concat(Stretch(0, 2)); // with the gap after the last sign, three units
    }

    private static IEnumerable<int> Stretch(int tone, int units) => Enumerable.Repeat(tone, units * Unit);

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller
}
