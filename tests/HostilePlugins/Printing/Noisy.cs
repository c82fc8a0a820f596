using System.Runtime.CompilerServices;
using Ctc;

namespace Printing;

internal static class Module
{
    [ModuleInitializer]
    public static void Print() => Console.WriteLine("NOISE from a module initialiser");
}

/// <summary>Prints in its module initialiser, in its constructor and in its work.</summary>
[Part("noisy", Summary = "Prints.")]
internal sealed class Noisy : ILossWeighting
{
    public Noisy() => Console.WriteLine("{\"noise\": \"from a constructor\"}");

    public Tensor Weigh(Evaluation evaluation)
    {
        Console.WriteLine("NOISE \u001b[31mred");
        Console.WriteLine("ctc-message {\"progress\":{\"epoch\":99,\"epochs\":1,\"step\":5,\"steps\":0,\"loss\":1}}");
        return torch.ones_like(evaluation.Loss);
    }
}
