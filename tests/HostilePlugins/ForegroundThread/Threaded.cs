using System.Runtime.CompilerServices;
using Ctc;

namespace ForegroundThread;

internal static class Module
{
    [ModuleInitializer]
    public static void Start() => new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();
}

/// <summary>Its constructor and its module initialiser start threads that keep a process alive.</summary>
[Part("foreground-thread", Summary = "Leaves a thread.")]
internal sealed class Threaded : ILossWeighting
{
    public Threaded() => Module.Start();

    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}
