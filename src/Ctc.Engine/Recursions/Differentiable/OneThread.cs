namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>
/// Limits torch operations on the CPU to one thread until disposed. The operations of a frame are so small that waking a second thread for each
/// takes longer than the operation.
/// </summary>
internal readonly struct OneThread : IDisposable
{
    private readonly int before;

    private OneThread(int before) => this.before = before;

    public static OneThread For(torch.Device device)
    {
        int threads = device.type == DeviceType.CPU ? torch.get_num_threads() : 1;
        if (threads > 1) torch.set_num_threads(1);
        return new OneThread(threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (before > 1) torch.set_num_threads(before);
    }
}
