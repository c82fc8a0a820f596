using System.Runtime.InteropServices;
using Ctc.Engine.Outputs;

namespace Ctc.Engine.Tests.Outputs;

public class BlockPoolTests
{
    private const long Size = 3 << 20;

    [Test]
    public void A_returned_block_serves_the_next_request_of_about_its_size()
    {
        using var pool = new BlockPool(limit: 10 * Size, TimeSpan.FromMinutes(1));
        nint first = pool.Rent(Size);
        Assert.That(pool.Return(first));
        Assert.That(pool.Kept, Is.InRange(Size, Size * 9 / 8));
        Assert.That(pool.Rent(Size * 9 / 10), Is.EqualTo(first));
        Assert.That(pool.Kept, Is.Zero);
        nint other = pool.Rent(Size);
        Assert.That(other, Is.Not.EqualTo(first), "the first block is in use");
        pool.Return(first);
        pool.Return(other);
        nint small = pool.Rent(Size / 2);
        Assert.That(small, Is.Not.AnyOf(first, other), "half of a block is not wasted");
        pool.Return(small);
    }

    [Test]
    public void Sizes_are_rounded_up_by_at_most_an_eighth([Random(1L, 1L << 40, 20)] long bytes) =>
        Assert.That(BlockPool.RoundUp(bytes), Is.InRange(bytes, Math.Max(64, bytes + (bytes / 8))));

    [Test]
    public void Blocks_are_aligned_to_cache_lines_and_large_ones_to_large_pages()
    {
        using var pool = new BlockPool(limit: 0, TimeSpan.FromMinutes(1));
        foreach ((long bytes, long alignment) in new[] { (1L, 64L), (1 << 20, 64), (Size, 2 << 20) })
        {
            nint block = pool.Rent(bytes);
            Assert.That(block % alignment, Is.Zero);
            pool.Return(block);
        }
    }

    [Test]
    public void A_second_return_and_a_foreign_address_change_nothing()
    {
        using var pool = new BlockPool(limit: 10 * Size, TimeSpan.FromMinutes(1));
        nint block = pool.Rent(Size);
        Assert.That(pool.Return(block));
        long kept = pool.Kept;
        Assert.That(pool.Return(block), Is.False);
        Assert.That(pool.Return(123), Is.False);
        Assert.That(pool.Kept, Is.EqualTo(kept));
        Assert.That(new[] { pool.Rent(Size), pool.Rent(Size) }, Is.Unique);
    }

    [Test]
    public void No_more_than_the_limit_is_kept_and_the_longest_unused_goes_first()
    {
        using var pool = new BlockPool(limit: 2 * Size * 9 / 8, TimeSpan.FromMinutes(1));
        nint[] blocks = [pool.Rent(Size), pool.Rent(Size), pool.Rent(Size)];
        foreach (nint block in blocks) pool.Return(block);
        Assert.That(pool.Kept, Is.LessThanOrEqualTo(pool.Limit).And.GreaterThan(Size));
        Assert.That(pool.Rent(Size), Is.EqualTo(blocks[2]));
        Assert.That(pool.Rent(Size), Is.EqualTo(blocks[1]));
        pool.Return(blocks[1]);
        pool.Limit = 0;
        Assert.That(pool.Kept, Is.Zero);
        pool.Return(blocks[2]);
        Assert.That(pool.Kept, Is.Zero);
        Assert.That(() => pool.Limit = -1, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Unused_blocks_are_freed_on_request_and_after_their_age()
    {
        var clock = new SetClock();
        using var pool = new BlockPool(limit: 10 * Size, TimeSpan.FromSeconds(30), clock);
        nint early = pool.Rent(Size), late = pool.Rent(Size), used = pool.Rent(Size);
        pool.Return(early);
        long one = pool.Kept;
        clock.Advance(20);
        pool.Return(late);
        clock.Advance(15);
        Assert.That(pool.Kept, Is.EqualTo(one), "the first block is 35 seconds old, the second 15");
        clock.Advance(20);
        Assert.That(pool.Kept, Is.Zero);
        Assert.That(clock.IsRunning, Is.False, "nothing is left to free");
        pool.Return(used);
        Assert.That(clock.IsRunning);
        pool.Release();
        Assert.That(pool.Kept, Is.Zero);
    }

    [Test]
    public void Threads_never_share_a_block()
    {
        using var pool = new BlockPool(limit: 4 * Size, TimeSpan.FromMinutes(1));
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 200; i++) Use(pool, (thread * 1000) + i);
        });
        Assert.That(pool.Rented, Is.Zero);
        Assert.That(pool.Kept, Is.LessThanOrEqualTo(pool.Limit));

        static void Use(BlockPool pool, int mark)
        {
            const int End = 1_000_000;
            nint block = pool.Rent(Size / 2);
            Marshal.WriteInt32(block, mark);
            Marshal.WriteInt32(block, End, mark);
            Thread.Yield();
            Assert.That((Marshal.ReadInt32(block), Marshal.ReadInt32(block, End)), Is.EqualTo((mark, mark)));
            Assert.That(pool.Return(block));
        }
    }

    /// <summary>A clock that is set; its timers run when it is.</summary>
    private sealed class SetClock : TimeProvider
    {
        private readonly List<SetTimer> timers = [];
        private TimeSpan now = TimeSpan.FromDays(1);

        public bool IsRunning => timers.Exists(timer => timer.Due < TimeSpan.MaxValue);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Advance(double seconds)
        {
            now += TimeSpan.FromSeconds(seconds);
            foreach (SetTimer timer in timers) timer.RunIfDue(now);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SetTimer(this, callback);
            timers.Add(timer);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class SetTimer(SetClock clock, TimerCallback callback) : ITimer
        {
            public TimeSpan Due { get; private set; }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : clock.now + dueTime;
                return true;
            }

            public void RunIfDue(TimeSpan now)
            {
                if (Due > now) return;
                Due = TimeSpan.MaxValue;
                callback(null);
            }

            public void Dispose() => Due = TimeSpan.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
