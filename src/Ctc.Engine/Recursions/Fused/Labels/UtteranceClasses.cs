using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>
/// The classes of tokens that the labels of one utterance read, as weights of terms: the tokens that some of them list, and the remainder, which all
/// of them weight alike.
/// </summary>
internal sealed class UtteranceClasses
{
    /// <summary>The lengths of rows of weights are multiples of this: of four of the widest vectors.</summary>
    public const int Step = 4 * ExtendedRange.Lanes;

    private const int LargeFrom = 64 * 64; // weights: less are combined in whole vectors as fast as by own terms

    /// <param name="classes">The numbers of the classes, each once.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="rest">[C] log-weights of the tokens that are not listed.</param>
    /// <param name="tokens">[C, K] listed tokens; below 0 in unused places.</param>
    /// <param name="weights">[C, K] log-weights.</param>
    public UtteranceClasses(
        int[] classes, int vocabulary, ReadOnlySpan<double> rest, ReadOnlySpan<long> tokens, ReadOnlySpan<double> weights)
    {
        int places = tokens.Length / rest.Length;
        Numbers = classes;
        var listed = new SortedSet<int>();
        foreach (int number in classes)
        {
            foreach (long token in tokens.Slice(number * places, places))
            {
                if (token >= 0) listed.Add((int)token);
            }
        }

        Tokens = [.. listed];
        Stride = InSteps(classes.Length);
        if (vocabulary - listed.Count <= listed.Count) Unlisted = [.. Enumerable.Range(0, vocabulary).Where(token => !listed.Contains(token))];
        int terms = Tokens.Length + 1;
        TermStride = InSteps(terms);
        (Logs, Weights, Tops) = (new double[terms * Stride], new double[terms * Stride], new double[Stride]);
        (ByClass, Places, Only) = (new double[classes.Length * TermStride], new int[classes.Length * places], new int[classes.Length]);
        Array.Fill(Tops, double.NegativeInfinity);
        double[] logs = new double[Stride], relative = new double[Stride]; // of the tokens that are not listed
        Array.Fill(logs, double.NegativeInfinity);
        for (int i = 0; i < classes.Length; i++)
        {
            Range own = (classes[i] * places)..((classes[i] + 1) * places);
            logs[i] = rest[classes[i]];
            Tops[i] = Top(logs[i], tokens[own], weights[own]);
            relative[i] = Relative(logs[i], Tops[i]);
            ByClass.AsSpan(i * TermStride, terms).Fill(relative[i]);
        }

        for (int m = 0; m < terms; m++)
        {
            logs.CopyTo(Logs, m * Stride);
            relative.CopyTo(Weights, m * Stride);
        }

        for (int i = 0; i < classes.Length; i++)
        {
            Range own = (classes[i] * places)..((classes[i] + 1) * places);
            Only[i] = Load(i, tokens[own], weights[own]);
        }

        AnyOnly = Only.Any(only => only >= 0);
        Rest = relative;
        Own = terms * classes.Length < LargeFrom ? null : OwnTerms.Find(this);
    }

    /// <summary>Gets the tokens that some class lists, in rising order: the terms, without the remainder, which is the last one.</summary>
    public int[] Tokens { get; }

    /// <summary>Gets the tokens that no class lists, in rising order, if they are at most half of the vocabulary.</summary>
    public int[]? Unlisted { get; }

    /// <summary>Gets the numbers of the classes in the batch.</summary>
    public int[] Numbers { get; }

    /// <summary>Gets the number of classes, in whole steps.</summary>
    public int Stride { get; }

    /// <summary>Gets the number of terms, in whole steps.</summary>
    public int TermStride { get; }

    /// <summary>Gets the log-weight of each term, for each class; −∞ beyond the last class.</summary>
    public double[] Logs { get; }

    /// <summary>Gets the same weights relative to the largest of their class, in [0, 1].</summary>
    public double[] Weights { get; }

    /// <summary>Gets the same by class: for each the weights of the terms, with zeros behind the last one.</summary>
    public double[] ByClass { get; }

    /// <summary>Gets the weight of the terms that a class does not list, for each class.</summary>
    public double[] Rest { get; }

    /// <summary>Gets the terms that are a class's own, if that is at most one for each and the classes are many; otherwise null.</summary>
    public OwnTerms? Own { get; }

    /// <summary>Gets the largest log-weight of each class.</summary>
    public double[] Tops { get; }

    /// <summary>Gets [C, K] the term of each listed token of a class; −1 in unused places.</summary>
    public int[] Places { get; }

    /// <summary>Gets the only term that each class reads; −1 if it reads several, or none.</summary>
    public int[] Only { get; }

    /// <summary>Gets whether some class reads one term only.</summary>
    public bool AnyOnly { get; }

    private static int InSteps(int number) => (number + Step - 1) / Step * Step;

    private static double Top(double rest, ReadOnlySpan<long> tokens, ReadOnlySpan<double> weights)
    {
        for (int k = 0; k < tokens.Length; k++)
        {
            if (tokens[k] >= 0) rest = Math.Max(rest, weights[k]);
        }

        return rest;
    }

    // Sets the weights of the listed tokens of a class, and returns the only term that it reads, or −1.
    private int Load(int which, ReadOnlySpan<long> tokens, ReadOnlySpan<double> weights)
    {
        int terms = Tokens.Length + 1, read = double.IsNegativeInfinity(Logs[which]) ? 0 : terms;
        Span<int> places = Places.AsSpan(which * tokens.Length, tokens.Length);
        for (int k = 0; k < tokens.Length; k++)
        {
            int term = places[k] = tokens[k] < 0 ? -1 : Array.BinarySearch(Tokens, (int)tokens[k]);
            if (term < 0) continue;
            int cell = (term * Stride) + which;
            if (!double.IsNegativeInfinity(Logs[cell])) read--;
            if (!double.IsNegativeInfinity(weights[k])) read++;
            Logs[cell] = weights[k];
            Weights[cell] = ByClass[(which * TermStride) + term] = Relative(weights[k], Tops[which]);
        }

        for (int m = 0; read == 1 && m < terms; m++)
        {
            if (!double.IsNegativeInfinity(Logs[(m * Stride) + which])) return m;
        }

        return -1;
    }

    private static double Relative(double log, double top) => double.IsNegativeInfinity(log) ? 0 : Math.Exp(log - top);
}
