using System.Runtime.InteropServices;

namespace Ctc.Engine.Outputs;

/// <summary>Blocks of native memory that are reused. Any thread may rent one, and any other one may return it.</summary>
/// <remarks>
/// A new block costs the operating system a fault for each page, and a virtual machine that has given the pages back to its host much more. So blocks
/// are kept for a while. Sizes are rounded by at most an eighth, so that batches of about the same size use the same blocks.
/// </remarks>
internal sealed unsafe class BlockPool : IDisposable
{
    private const long LargePage = 2 << 20;
    private const int CacheLine = 64;
    private const double MostWaste = 1.5; // a block serves a request of at least two thirds of its size

    private readonly Lock gate = new();
    private readonly Dictionary<nint, long> rented = []; // sizes
    private readonly List<Block> free = []; // the longest unused first
    private readonly TimeSpan age;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private long limit, kept;

    /// <param name="limit">The bytes that are kept unused.</param>
    /// <param name="age">The time for which a block is kept unused.</param>
    /// <param name="clock">By default that of the system.</param>
    public BlockPool(long limit, TimeSpan age, TimeProvider? clock = null)
    {
        (this.limit, this.age, this.clock) = (limit, age, clock ?? TimeProvider.System);
        timer = this.clock.CreateTimer(_ => FreeOld(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets or sets the bytes that are kept unused.</summary>
    public long Limit
    {
        get
        {
            lock (gate) return limit;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (gate)
            {
                limit = value;
                FreeAbove(limit);
            }
        }
    }

    /// <summary>Gets the bytes that are kept unused now.</summary>
    public long Kept
    {
        get
        {
            lock (gate) return kept;
        }
    }

    /// <summary>Gets the number of blocks that are in use.</summary>
    public int Rented
    {
        get
        {
            lock (gate) return rented.Count;
        }
    }

    /// <summary>Returns a block of memory of undefined contents, aligned to cache lines, and to large pages if it has any.</summary>
    /// <param name="bytes">The size, 1 or more.</param>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public nint Rent(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        lock (gate)
        {
            int best = -1;
            for (int i = 0; i < free.Count; i++)
            {
                bool fits = free[i].Bytes >= bytes && free[i].Bytes <= MostWaste * bytes;
                if (fits && (best < 0 || free[i].Bytes <= free[best].Bytes)) best = i; // among equals the one used last
            }

            if (best >= 0)
            {
                Block block = free[best];
                free.RemoveAt(best);
                kept -= block.Bytes;
                rented.Add(block.Start, block.Bytes);
                return block.Start;
            }
        }

        long size = RoundUp(bytes);
        nint start = (nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)(size >= LargePage ? LargePage : CacheLine));
        LargePages.Request(start, size);
        lock (gate) rented.Add(start, size);
        return start;
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="start">As <see cref="Rent"/> returned it.</param>
    /// <returns>False for an address that is not rented: nothing changes.</returns>
    public bool Return(nint start)
    {
        lock (gate)
        {
            if (!rented.Remove(start, out long bytes)) return false;
            if (free.Count == 0) timer.Change(age, Timeout.InfiniteTimeSpan);
            free.Add(new Block(start, bytes, clock.GetTimestamp()));
            kept += bytes;
            FreeAbove(limit);
            return true;
        }
    }

    /// <summary>Returns whether an address is the start of a block that is in use.</summary>
    public bool IsRented(nint start)
    {
        lock (gate) return rented.ContainsKey(start);
    }

    /// <summary>Gives all unused blocks back to the system.</summary>
    public void Release()
    {
        lock (gate) FreeAbove(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        Release();
    }

    /// <summary>Rounds a size up to an eighth of a power of two.</summary>
    internal static long RoundUp(long bytes)
    {
        long step = Math.Max(CacheLine, (long)(System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16));
        return checked((bytes + step - 1) / step * step);
    }

    private void FreeOld()
    {
        lock (gate)
        {
            while (free.Count > 0 && clock.GetElapsedTime(free[0].Returned) >= age) FreeFirst();
            if (free.Count > 0) timer.Change(age - clock.GetElapsedTime(free[0].Returned), Timeout.InfiniteTimeSpan);
        }
    }

    private void FreeAbove(long most)
    {
        while (kept > most) FreeFirst();
    }

    private void FreeFirst()
    {
        Block oldest = free[0];
        free.RemoveAt(0);
        kept -= oldest.Bytes;
        LargePages.GiveBack(oldest.Start, oldest.Bytes); // an allocator may keep what is freed
        NativeMemory.AlignedFree((void*)oldest.Start);
    }

    private readonly record struct Block(nint Start, long Bytes, long Returned);
}
