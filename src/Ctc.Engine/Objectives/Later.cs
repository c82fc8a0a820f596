namespace Ctc.Engine.Objectives;

/// <summary>Values that are computed when they are first read, in a fixed gradient mode: that of the first reader must not decide.</summary>
internal static class Later
{
    /// <summary>Defers a computation.</summary>
    /// <param name="record">Whether gradients are recorded during the computation.</param>
    /// <param name="compute">Computes the value.</param>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <returns>The value, computed once.</returns>
    public static Lazy<T> Compute<T>(bool record, Func<T> compute) => new(() =>
    {
        using var mode = torch.set_grad_enabled(record);
        return compute();
    });
}
