using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>
/// Classes that list at most one term each beside the terms that all of them list: such as stars, which leave out the next token of the target.
/// </summary>
/// <remarks>
/// The sum over all terms but one is a sum of those before it and of those behind it: O(M + C) for M terms and C classes, and not M·C. Nothing is
/// subtracted, so nothing cancels beside a term that is certain. A mass of each class is divided among the terms in the same way.
/// </remarks>
internal sealed class OwnTerms
{
    private readonly int stride;
    private readonly int[] common, others; // terms that all classes list, and the rest of them
    private readonly int[] own; // of each class: a place in others, or their number
    private readonly int[] order, starts; // the classes by their own terms, and where those of each begin
    private readonly double[] ofRest, ofOwn, all; // weights

    private OwnTerms(UtteranceClasses classes, int[] common, int[] others, int[] own)
    {
        (stride, all, this.common, this.others, this.own) = (classes.Stride, classes.Weights, common, others, own);
        order = [.. Enumerable.Range(0, own.Length).OrderBy(c => own[c])];
        starts = new int[others.Length + 2];
        foreach (int place in own) starts[place + 1]++;
        for (int i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        ofRest = classes.Rest;
        ofOwn = [.. own.Select((place, c) => place == others.Length ? 0 : all[(others[place] * stride) + c])];
    }

    /// <summary>Finds the terms.</summary>
    /// <param name="classes">The classes, complete.</param>
    /// <returns>Null if a class lists several terms that are not common to all.</returns>
    public static OwnTerms? Find(UtteranceClasses classes)
    {
        int count = classes.Numbers.Length, terms = classes.Tokens.Length + 1, places = classes.Places.Length / count;
        var listed = new int[terms];
        foreach (int term in classes.Places) if (term >= 0) listed[term]++;
        int[] others = [.. Enumerable.Range(0, terms).Where(term => listed[term] < count)];
        int[] own = [.. Enumerable.Repeat(others.Length, count)];
        for (int i = 0; i < classes.Places.Length; i++)
        {
            int term = classes.Places[i];
            if (term < 0 || listed[term] == count) continue;
            if (own[i / places] < others.Length) return null;
            own[i / places] = Array.BinarySearch(others, term);
        }

        return new OwnTerms(classes, [.. Enumerable.Range(0, terms).Where(term => listed[term] == count)], others, own);
    }

    /// <summary>Computes the sum of each class.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="before">Room for two numbers more than terms.</param>
    /// <param name="behind">As much.</param>
    /// <param name="sums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sum(double[] terms, double[] before, double[] behind, double[] sums)
    {
        int count = others.Length;
        before[0] = behind[count] = behind[count + 1] = 0;
        for (int i = 0; i < count; i++) before[i + 1] = before[i] + terms[others[i]];
        for (int i = count - 1; i >= 0; i--) behind[i] = behind[i + 1] + terms[others[i]];
        for (int c = 0; c < own.Length; c++)
        {
            int place = own[c];
            double sum = ofRest[c] * (before[place] + behind[place + 1]);
            sums[c] = place < count ? sum + (ofOwn[c] * terms[others[place]]) : sum;
        }

        foreach (int term in common)
        {
            ReadOnlySpan<double> weights = all.AsSpan(term * stride, own.Length);
            for (int c = 0; c < weights.Length; c++) sums[c] += weights[c] * terms[term];
        }
    }

    /// <summary>Sums the factors of the classes for each term, with the weights that it has in them.</summary>
    /// <param name="factors">One for each class.</param>
    /// <param name="before">Room for two numbers more than classes.</param>
    /// <param name="behind">As much.</param>
    /// <param name="sums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Divide(double[] factors, double[] before, double[] behind, double[] sums)
    {
        int count = order.Length;
        before[0] = behind[count] = 0;
        for (int k = 0; k < count; k++) before[k + 1] = before[k] + (factors[order[k]] * ofRest[order[k]]);
        for (int k = count - 1; k >= 0; k--) behind[k] = behind[k + 1] + (factors[order[k]] * ofRest[order[k]]);
        for (int i = 0; i < others.Length; i++)
        {
            (int start, int end) = (starts[i], starts[i + 1]);
            double sum = before[start] + behind[end];
            for (int k = start; k < end; k++) sum += factors[order[k]] * ofOwn[order[k]];
            sums[others[i]] = sum;
        }

        foreach (int term in common)
        {
            ReadOnlySpan<double> weights = all.AsSpan(term * stride, own.Length);
            double sum = 0;
            for (int c = 0; c < weights.Length; c++) sum += weights[c] * factors[c];
            sums[term] = sum;
        }
    }
}
