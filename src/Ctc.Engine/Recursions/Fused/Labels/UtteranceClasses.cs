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

    /// <param name="classes">The numbers of the classes, each once.</param>
    /// <param name="rest">[C] log-weights of the tokens that are not listed.</param>
    /// <param name="tokens">[C, K] listed tokens; below 0 in unused places.</param>
    /// <param name="weights">[C, K] log-weights.</param>
    public UtteranceClasses(int[] classes, ReadOnlySpan<double> rest, ReadOnlySpan<long> tokens, ReadOnlySpan<double> weights)
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
        int terms = Tokens.Length + 1;
        (Logs, Weights, Tops) = (new double[terms * Stride], new double[terms * Stride], new double[Stride]);
        TermStride = InSteps(terms);
        ByClass = new double[classes.Length * TermStride];
        Places = new int[classes.Length * places];
        Only = new int[classes.Length];
        Array.Fill(Logs, double.NegativeInfinity);
        Array.Fill(Tops, double.NegativeInfinity);
        for (int i = 0; i < classes.Length; i++)
        {
            int first = classes[i] * places;
            Load(i, rest[classes[i]], tokens.Slice(first, places), weights.Slice(first, places));
            for (int m = 0; m < terms; m++) ByClass[(i * TermStride) + m] = Weights[(m * Stride) + i];
        }
    }

    /// <summary>Gets the tokens that some class lists, in rising order: the terms, without the remainder, which is the last one.</summary>
    public int[] Tokens { get; }

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

    /// <summary>Gets the largest log-weight of each class.</summary>
    public double[] Tops { get; }

    /// <summary>Gets [C, K] the term of each listed token of a class; −1 in unused places.</summary>
    public int[] Places { get; }

    /// <summary>Gets the only term that each class reads; −1 if it reads several, or none.</summary>
    public int[] Only { get; }

    private static int InSteps(int number) => (number + Step - 1) / Step * Step;

    private void Load(int which, double rest, ReadOnlySpan<long> tokens, ReadOnlySpan<double> weights)
    {
        int terms = Tokens.Length + 1, first = which * tokens.Length;
        for (int m = 0; m < terms; m++) Logs[(m * Stride) + which] = rest;
        double top = rest; // the remainder has this weight
        for (int k = 0; k < tokens.Length; k++)
        {
            int term = Places[first + k] = tokens[k] < 0 ? -1 : Array.BinarySearch(Tokens, (int)tokens[k]);
            if (term < 0) continue;
            Logs[(term * Stride) + which] = weights[k];
            top = Math.Max(top, weights[k]);
        }

        Tops[which] = top;
        double ofRest = Relative(rest, top);
        for (int m = 0; m < terms; m++)
        {
            double log = Logs[(m * Stride) + which];
            Weights[(m * Stride) + which] = log == rest ? ofRest : Relative(log, top);
        }

        Only[which] = FindOnly(which);
    }

    private int FindOnly(int which)
    {
        int only = -1;
        for (int m = 0; m <= Tokens.Length; m++)
        {
            if (double.IsNegativeInfinity(Logs[(m * Stride) + which])) continue;
            if (only >= 0) return -1;
            only = m;
        }

        return only;
    }

    private static double Relative(double log, double top) => double.IsNegativeInfinity(log) ? 0 : Math.Exp(log - top);
}
