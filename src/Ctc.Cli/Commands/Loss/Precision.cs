namespace Ctc.Cli.Commands.Loss;

/// <summary>The floating type of the computation.</summary>
internal enum Precision
{
    /// <summary>Double.</summary>
    Float64,

    /// <summary>Single.</summary>
    Float32,
}
