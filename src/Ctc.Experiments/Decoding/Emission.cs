namespace Ctc.Experiments.Decoding;

/// <summary>The output of another program for one utterance: a number for each token in each frame.</summary>
public sealed class Emission
{
    private const string ArchiveMark = ".npz:";
    private const double MostFromOne = 1e-3;

    private Emission(string name, int frames, double[] logits) => (Name, Frames, Logits) = (name, frames, logits);

    /// <summary>Gets the name: a file, and in an <c>.npz</c> the name of the array.</summary>
    public string Name { get; }

    /// <summary>Gets the id: the name of the file without folder and ending; in an archive that of the array.</summary>
    public string Id
    {
        get
        {
            int archive = Name.LastIndexOf(ArchiveMark, StringComparison.Ordinal);
            return archive < 0 ? Path.GetFileNameWithoutExtension(Name) : Name[(archive + ArchiveMark.Length)..];
        }
    }

    /// <summary>Gets N, the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets [N, V] logits or log-probabilities, the blank first and the other tokens in the order of their numbers.</summary>
    internal double[] Logits { get; }

    /// <summary>Loads the utterances of a file.</summary>
    /// <param name="file">An <c>.npy</c> or <c>.npz</c> file of [N, V] arrays; a dimension of length 1 may come first or second.</param>
    /// <param name="tokens">The V tokens.</param>
    /// <param name="areProbabilities">Whether the numbers are probabilities, and not logits or log-probabilities.</param>
    /// <returns>An utterance for each array.</returns>
    /// <exception cref="InvalidDataException">
    /// The file cannot be read, or has another shape; a number is NaN or +∞; numbers are probabilities where logits are expected, or the reverse.
    /// </exception>
    public static IReadOnlyList<Emission> Load(string file, TokenList tokens, bool areProbabilities)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return [.. NumpyArray.Load(file).Select(array => FromArray(array, tokens, areProbabilities))];
    }

    private static Emission FromArray(NumpyArray array, TokenList tokens, bool areProbabilities)
    {
        long[] shape = array.Shape is [1, _, _] or [_, 1, _] ? [array.Shape[0] * array.Shape[1], array.Shape[2]] : [.. array.Shape];
        if (shape.Length != 2 || shape[1] != tokens.Count)
        {
            throw new InvalidDataException(
                $"{array.Name} has the shape ({string.Join(", ", array.Shape)}); expected (frames, {tokens.Count}), a number for each token.");
        }

        int frames = (int)shape[0], size = tokens.Count;
        bool lookLikeProbabilities = frames > 0;
        var logits = new double[array.Values.Length];
        for (int t = 0; t < frames; t++)
        {
            ReadOnlySpan<double> frame = array.Values.AsSpan(t * size, size);
            bool sumToOne = Check(frame, array.Name, t);
            if (areProbabilities && !sumToOne)
            {
                throw new InvalidDataException($"{array.Name} has no probabilities in frame {t}; expected numbers from 0 to 1 that add up to 1.");
            }

            lookLikeProbabilities &= sumToOne;
            Span<double> ordered = logits.AsSpan(t * size, size);
            ordered[0] = frame[tokens.Blank];
            frame[..tokens.Blank].CopyTo(ordered[1..]);
            frame[(tokens.Blank + 1)..].CopyTo(ordered[(tokens.Blank + 1)..]);
        }

        if (lookLikeProbabilities && !areProbabilities && size > 1)
        {
            throw new InvalidDataException(
                $"{array.Name} has probabilities in every frame; expected logits or log-probabilities, or --probabilities.");
        }

        if (areProbabilities) for (int i = 0; i < logits.Length; i++) logits[i] = Math.Log(logits[i]);
        return new Emission(array.Name, frames, logits);
    }

    // Whether the numbers of a frame are probabilities.
    private static bool Check(ReadOnlySpan<double> frame, string name, int t)
    {
        double sum = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double number in frame)
        {
            if (double.IsNaN(number) || double.IsPositiveInfinity(number))
            {
                throw new InvalidDataException($"{name} holds {(double.IsNaN(number) ? "NaN" : "+∞")} in frame {t}; expected numbers below +∞.");
            }

            (sum, least, most) = (sum + number, Math.Min(least, number), Math.Max(most, number));
        }

        if (double.IsNegativeInfinity(most))
        {
            throw new InvalidDataException($"{name} makes every token impossible in frame {t}; expected a possible one.");
        }

        return least >= 0 && Math.Abs(sum - 1) < MostFromOne;
    }
}
