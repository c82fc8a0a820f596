namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>Distributes work over as many threads as libtorch may use; with one thread or one piece of work, on the calling thread only.</summary>
internal static class Workers
{
    private const int FramesAtATime = 8;

    /// <summary>Calls an action for each frame; eight frames are one piece of work.</summary>
    public static void ShareFrames(int frames, Action<int> work) => ShareFrames(frames, () => (IDisposable?)null, (_, first, end) =>
    {
        for (int t = first; t < end; t++) work(t);
    });

    /// <summary>Calls an action for eight frames at a time.</summary>
    /// <param name="frames">The number of frames.</param>
    /// <param name="worker">Creates the working state of a thread.</param>
    /// <param name="work">Does the frames from one to another, without the latter.</param>
    public static void ShareFrames<TWorker>(int frames, Func<TWorker> worker, Action<TWorker, int, int> work)
        where TWorker : IDisposable? => Share((frames + FramesAtATime - 1) / FramesAtATime, worker, (own, piece) =>
            work(own, piece * FramesAtATime, Math.Min(frames, (piece + 1) * FramesAtATime)));

    /// <summary>Calls an action for each piece of work, once.</summary>
    public static void Share(int pieces, Action<int> work) => Share(pieces, () => (IDisposable?)null, (_, piece) => work(piece));

    /// <summary>Calls an action for each piece of work, once, started in order; an idle thread takes the next piece.</summary>
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="worker">Creates the working state of a thread.</param>
    /// <param name="work">Does a piece.</param>
    public static void Share<TWorker>(int pieces, Func<TWorker> worker, Action<TWorker, int> work)
        where TWorker : IDisposable?
    {
        int threads = Math.Min(torch.get_num_threads(), pieces), next = -1;
        if (threads <= 1) Work(0);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);

        void Work(int thread)
        {
            if (Volatile.Read(ref next) >= pieces - 1) return;
            using TWorker own = worker();
            for (int piece = Interlocked.Increment(ref next); piece < pieces; piece = Interlocked.Increment(ref next)) work(own, piece);
        }
    }
}
