using Ctc.Engine.Outputs;

namespace Ctc.Engine;

/// <summary>The memory of large results on the CPU: gradients, occupancies and posteriors. It is reused from step to step.</summary>
/// <remarks>
/// A training step needs the same amounts again and again. Memory that is returned to the operating system in between costs a page fault for each
/// page, and in a virtual machine seconds for each gigabyte. So the memory of a large result is kept for 30 seconds after its last tensor is
/// disposed, and given to the next result of about its size. It concerns results of the fused recursion of 1 MiB or more; all other tensors are
/// libtorch's own. All members may be called by any thread.
/// </remarks>
public static class OutputMemory
{
    /// <summary>Gets or sets the memory that may be kept unused.</summary>
    /// <value>In bytes, 0 or more; by default an eighth of the memory of the machine, or of its container. With 0 nothing is kept.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static long Limit
    {
        get => OutputTensors.Pool.Limit;
        set => OutputTensors.Pool.Limit = value;
    }

    /// <summary>Gets the memory that is kept unused now.</summary>
    /// <value>In bytes; memory of tensors that are alive does not count.</value>
    public static long Kept => OutputTensors.Pool.Kept;

    /// <summary>Returns the unused memory to the operating system, for example before other work that needs it. Tensors stay as they are.</summary>
    public static void Release() => OutputTensors.Pool.Release();
}
