namespace Dependency;

/// <summary>What a plugin needs from a DLL of its own.</summary>
public sealed class Shares
{
    /// <summary>Gets a number that is easily found in the DLL's bytes.</summary>
    public double Base { get; } = 0.123456789;
}
