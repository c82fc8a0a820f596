namespace Ctc.Configuration.Schema;

/// <summary>Where an experiment computes.</summary>
public enum DeviceChoice
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>A GPU; without one the run fails.</summary>
    Cuda,
}
