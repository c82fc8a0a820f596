using System.Numerics;
using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The occupancies of one frame: the masses of the states, or their sums by token.</summary>
/// <typeparam name="T">float or double: the type of the outputs.</typeparam>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <param name="labels">The tokens of the states.</param>
/// <param name="states">S.</param>
internal sealed class FrameOccupancy<T, TLanes>(UtteranceLabels labels, int states)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly double[] sums = new double[UtteranceLabels.Room(2 * states)];
    private readonly T[] own = new T[UtteranceLabels.Room(2 * states)];

    /// <summary>Writes the occupancies of a frame.</summary>
    /// <param name="to">Receives them.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="t">The frame.</param>
    /// <param name="amounts">By state; 0 outside of the window.</param>
    /// <param name="window">The first and the last state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(PosteriorMemory<T> to, int utterance, int t, double[] amounts, (int First, int Last) window)
    {
        (int first, int last) = window;
        if (to.Posterior.ByState)
        {
            long start = to.Posterior.Frame(utterance, t);
            for (int s = first; s <= last; s++) to.Shares[start + s] = T.CreateTruncating(amounts[s]);
            return;
        }

        int room = UtteranceLabels.Room(labels.Count);
        ref double sum = ref sums[0], amount = ref amounts[0];
        sums.AsSpan(0, room).Clear();
        Unsafe.Add(ref sum, labels.Common) = Sums<TLanes>.OfProducts(ref amount, ref labels.CommonMask[0], first, last + 1);
        labels.Within(first, last);
        ReadOnlySpan<int> others = labels.Others.AsSpan(labels.From, labels.To - labels.From);
        ReadOnlySpan<int> numbers = labels.OtherNumbers.AsSpan(labels.From, others.Length);
        for (int i = 0; i < others.Length; i++) Unsafe.Add(ref sum, numbers[i]) += Unsafe.Add(ref amount, others[i]);
        for (int i = 0; i < room; i++) own[i] = T.CreateTruncating(sums[i]);
        to.Posterior.Write(to.Shares, utterance, t, own);
    }
}
