using System.Runtime.InteropServices;
using Ctc;

namespace Crashing;

/// <summary>Frees memory that it does not own, which ends the process from native code.</summary>
[Part("native-crash", Summary = "Crashes in native code.")]
internal sealed class NativeCrash : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        Marshal.FreeHGlobal(16);
        return torch.ones_like(evaluation.Loss);
    }
}

/// <summary>Calls itself until the stack is full.</summary>
[Part("stack-overflow", Summary = "Never returns, and fills the stack.")]
internal sealed class StackOverflow : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => Weigh(evaluation) + Weigh(evaluation);
}

/// <summary>Crashes in a late check, after an unrelated warning of libtorch.</summary>
[Part("late-crash", Summary = "Fills the stack on a batch without utterances.")]
internal sealed class LateCrash : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) =>
        evaluation.Batch.Size == 0 ? Weigh(evaluation) + Weigh(evaluation) : torch.ones_like(evaluation.Loss);
}

/// <summary>Exits the process with code 0.</summary>
[Part("exit", Summary = "Ends the process.")]
internal sealed class Exiting : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        Environment.Exit(0);
        return torch.ones_like(evaluation.Loss);
    }
}

/// <summary>In training it changes the current folder and leaves a thread that never ends; otherwise valid.</summary>
[Part("wandering", Summary = "Leaves the folder, and never ends.")]
internal sealed class Wandering : ILossWeighting
{
    private bool hasWandered;

    public Tensor Weigh(Evaluation evaluation)
    {
        if (evaluation.Batch.Progress.Training && !hasWandered)
        {
            hasWandered = true;
            Environment.CurrentDirectory = Path.GetTempPath();
            new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();
        }

        return torch.ones_like(evaluation.Loss);
    }
}

/// <summary>Never returns.</summary>
[Part("endless", Summary = "Loops without end.")]
internal sealed class Endless : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        while (evaluation.Batch.Size > 0) Thread.Sleep(10);
        return torch.ones_like(evaluation.Loss);
    }
}

/// <summary>Prints to the output of the checker; otherwise valid.</summary>
[Part("talking", Summary = "Prints, and weighs all alike.")]
internal sealed class Talking : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        Console.Write("ctc-trial {\"Ended\":true}");
        Console.Out.Flush();
        return torch.ones_like(evaluation.Loss);
    }
}
