namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The scores of the arcs into each state of one utterance, a row for each slot, as mantissas and exponents.</summary>
/// <typeparam name="T">double or float.</typeparam>
/// <param name="length">The length of a row, in whole vectors, including what they read behind the last state.</param>
internal abstract class ArcRows<T>(int length)
    where T : unmanaged
{
    /// <summary>Gets the numbers by slot and state.</summary>
    public T[][] Mantissas { get; } = [new T[length], new T[length], new T[length]];

    /// <inheritdoc cref="Mantissas"/>
    public T[][] Exponents { get; } = [new T[length], new T[length], new T[length]];

    /// <summary>
    /// Gets whether all rows are needed. Only the exponents of the third are if the scores of the first two slots are all 0, and those of the third
    /// 0 or −∞, as under CTC.
    /// </summary>
    public bool Scored { get; protected set; }

    /// <summary>Gets the scores of the slot being loaded.</summary>
    protected T[] Logs { get; } = new T[length];
}
