namespace Ctc.Experiments.Runs;

/// <summary>A version, incremented by hand when the same experiment would give other numbers.</summary>
public static class Numerics
{
    /// <summary>Part of the identity of every run.</summary>
    public const string Version = "12";
}
