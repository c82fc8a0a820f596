using System.Runtime.CompilerServices;
using Ctc;

namespace HangingModule;

internal static class Module
{
    [ModuleInitializer]
    public static void Hang() => Thread.Sleep(Timeout.Infinite);
}

/// <summary>Its module initialiser never returns.</summary>
[Part("hanging-module", typeof(HangingOptions), Summary = "Never starts.")]
internal sealed class Hanging(HangingOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => options.Factor * torch.ones_like(evaluation.Loss);
}

/// <summary>The options of the part.</summary>
public sealed record HangingOptions
{
    /// <summary>Gets the factor.</summary>
    public double Factor { get; init; } = 1;
}
