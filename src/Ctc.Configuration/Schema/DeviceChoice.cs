namespace Ctc.Configuration.Schema;

/// <summary>The device of an experiment.</summary>
public enum DeviceChoice
{
    /// <summary>A GPU if one is available, otherwise the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>A GPU; without one the run fails.</summary>
    Cuda,
}
