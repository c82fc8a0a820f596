using Ctc;

namespace Misbehaving;

/// <summary>Changes the number of threads of the whole process.</summary>
[Part("all-threads", Summary = "Takes three threads for all.")]
internal sealed class AllThreads : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        torch.set_num_threads(3);
        return torch.full_like(evaluation.Loss, 0.5);
    }
}

/// <summary>Changes the folder from which the relative paths of all start.</summary>
[Part("moving", Summary = "Moves the current folder.")]
internal sealed class Moving : ILossWeighting
{
    public Moving() => Environment.CurrentDirectory = "/";

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 0.5);
}

/// <summary>Seeds the random generator that dropout draws from.</summary>
[Part("seeding", Summary = "Seeds the generator of all.")]
internal sealed class Seeding : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        torch.random.manual_seed(1);
        return torch.full_like(evaluation.Loss, 0.5);
    }
}

/// <summary>Prints.</summary>
[Part("printing", Summary = "Prints in its work.")]
internal sealed class Printing : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        Console.WriteLine("a batch");
        return torch.full_like(evaluation.Loss, 0.5);
    }
}

/// <summary>Changes nothing.</summary>
[Part("inert", Summary = "Changes nothing.")]
internal sealed class Inert : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}

/// <summary>Is wrong in training alone: a neighbour changes the loss.</summary>
[Part("wrong-in-training", Summary = "Is wrong in training alone.")]
internal sealed class WrongInTraining : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) =>
        torch.full_like(evaluation.Loss, evaluation.Batch.Progress.Training ? 1.0 / evaluation.Batch.Size : 1);
}
