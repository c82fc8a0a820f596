using System.Buffers;
using System.Numerics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>What one thread needs to read the rows of scores and to write those of the gradient.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class LabelRow<T, TLanes> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly T[] copy;
    private readonly double[] masses;
    private readonly int tokens;
    private T[] made = [], spread = [];
    private int[] spreadTokens = [];

    /// <param name="tokens">V.</param>
    /// <param name="terms">The largest number of terms of the classes of an utterance.</param>
    /// <param name="classes">The largest number of its classes; 0 without classes.</param>
    public LabelRow(int tokens, int terms, int classes)
    {
        this.tokens = tokens;
        copy = classes == 0 ? [] : ArrayPool<T>.Shared.Rent(tokens);
        masses = new double[classes + ExtendedRange.Lanes];
        Classes = new ClassRow<TLanes>(terms, classes);
    }

    /// <summary>Gets the classes of the row.</summary>
    public ClassRow<TLanes> Classes { get; }

    /// <summary>Gets room for V numbers, where a row is made that is streamed.</summary>
    public Span<T> Made
    {
        get
        {
            if (made.Length < tokens) made = ArrayPool<T>.Shared.Rent(tokens);
            return made.AsSpan(0, tokens);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (copy.Length > 0) ArrayPool<T>.Shared.Return(copy);
        if (made.Length > 0) ArrayPool<T>.Shared.Return(made);
    }

    /// <summary>Returns V numbers: the amounts of tokens in their places, and zeros.</summary>
    public ReadOnlySpan<T> Spread(LabelPlaces utterance, ReadOnlySpan<T> amounts)
    {
        if (spread.Length == 0) spread = new T[tokens];
        foreach (int token in spreadTokens) spread[token] = T.Zero;
        spreadTokens = utterance.Tokens;
        for (int i = 0; i < spreadTokens.Length; i++) spread[spreadTokens[i]] = amounts[utterance.TokenPlaces[i]];
        return spread;
    }

    /// <summary>Computes the log-sum over the tokens that no class lists: the listed ones are never in the sum.</summary>
    public double Remainder(UtteranceClasses classes, ReadOnlySpan<T> scores)
    {
        Span<T> row = copy.AsSpan(0, tokens);
        if (classes.Unlisted is { } unlisted)
        {
            for (int i = 0; i < unlisted.Length; i++) row[i] = scores[unlisted[i]];
            return SoftmaxRow.LogSum<T>(row[..unlisted.Length]);
        }

        scores.CopyTo(row);
        foreach (int token in classes.Tokens) row[token] = T.NegativeInfinity;
        return SoftmaxRow.LogSum<T>(row);
    }

    /// <summary>Returns the amounts of the classes, with room for a vector behind the last one.</summary>
    public ReadOnlySpan<double> Masses(LabelPlaces utterance, ReadOnlySpan<T> amounts)
    {
        for (int c = 0; c < utterance.ClassPlaces.Length; c++) masses[c] = double.CreateTruncating(amounts[utterance.ClassPlaces[c]]);
        return masses.AsSpan(0, utterance.ClassPlaces.Length);
    }
}
