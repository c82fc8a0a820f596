namespace Dependency;

/// <summary>A type that a plugin uses from a private DLL.</summary>
public sealed class Shares
{
    /// <summary>Gets a number that is easily found in the DLL's bytes.</summary>
    public double Base { get; } = 0.123456789;
}
