using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the seed of all words and of their noise. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the number of letters of the alphabet, which begins with a.</summary>
    /// <value>1 to 26; the default is 8.</value>
    [Range(1, 26)]
    public int Letters { get; init; } = 8;

    /// <summary>Gets the noise on every number.</summary>
    /// <value>The largest change, where a letter is 1 and silence is 0; 0 to 1, the default is 0.3.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.3;
}

/// <summary>Words of made-up sounds: each letter has its own channel, which is active for two to four frames.</summary>
[Part(
    "my-part",
    typeof(MyPartOptions),
    Summary = "Words of made-up sounds, drawn from a seed; reads text files with the numbers of a frame on each line.")]
internal sealed class MyPart(MyPartOptions options) : IDataSource
{
    public Dataset Load() => new(
        new Alphabet([.. Enumerable.Range('a', options.Letters).Select(letter => $"{(char)letter}")]),
        featureSize: options.Letters,
        Draw("train", words: 500, purpose: 0),
        Draw("dev", words: 100, purpose: 1),
        Draw("test", words: 100, purpose: 2));

    public Utterance Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        float[] features = [.. lines.SelectMany((line, i) => Frame(line, $"{file}:{i + 1}"))];
        return new Utterance(Path.GetFileNameWithoutExtension(file), features, lines.Length, []);
    }

    public string? Write(Utterance utterance, string folder)
    {
        string file = Path.Combine(folder, utterance.Id + ".txt");
        IEnumerable<string> numbers = utterance.ReadFeatures().Select(number => number.ToString(CultureInfo.InvariantCulture));
        File.WriteAllLines(file, numbers.Chunk(options.Letters).Select(frame => string.Join(' ', frame)));
        return file;
    }

    private float[] Frame(string line, string place)
    {
        float[] numbers =
            [.. line.Split(' ').Select(text => float.TryParse(text, CultureInfo.InvariantCulture, out float number) ? number : float.NaN)];
        return numbers.Length == options.Letters && numbers.All(float.IsFinite)
            ? numbers
            : throw new InvalidDataException($"{place}: found '{line}'; expected {options.Letters} finite numbers");
    }

    // Each set has its own generator, so that the size of one does not change another.
    private Utterance[] Draw(string set, int words, int purpose)
    {
        var random = new Random((options.Seed * 3) + purpose);
        return [.. Enumerable.Range(0, words).Select(i => Draw($"{set}-{i}", random))];
    }

    private Utterance Draw(string id, Random random)
    {
        long[] target = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.NextInt64(1, options.Letters + 1))];
        long[] sounds = [.. target.SelectMany(letter => Enumerable.Repeat(letter, random.Next(2, 5)).Append(0))]; // followed by a silent frame
        float[] features =
        [
            .. from sound in sounds
               from channel in Enumerable.Range(1, options.Letters)
               select (float)((sound == channel ? 1 : 0) + (options.Noise * ((2 * random.NextDouble()) - 1))),
        ];
        return new Utterance(id, features, sounds.Length, target);
    }
}
