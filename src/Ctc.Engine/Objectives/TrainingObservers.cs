namespace Ctc.Engine.Objectives;

/// <summary>The calls of the parts that learn from training.</summary>
internal static class TrainingObservers
{
    /// <summary>Passes the training set to those among some parts.</summary>
    public static void Begin(IEnumerable<IPart> parts, TrainingSet training)
    {
        foreach (ITrainingObserver observer in parts.OfType<ITrainingObserver>())
        {
            new PartCalls(null).Make(observer, () => observer.Begin(training));
        }
    }

    /// <summary>Notifies them of the end of an epoch.</summary>
    public static void EndEpoch(IEnumerable<IPart> parts)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (ITrainingObserver observer in parts.OfType<ITrainingObserver>())
        {
            new PartCalls(scope).Make(observer, observer.EndEpoch);
        }
    }

    /// <summary>Shows a batch of the training to those of an objective or a head.</summary>
    public static void Observe(ObjectiveEvaluation shared, PartCalls calls)
    {
        using var withoutGradient = torch.no_grad();
        foreach (IPart part in shared.Settings.Parts.All.Where(part => part is ITrainingObserver))
        {
            calls.Make(part, () => ((ITrainingObserver)part).Observe(PartEvaluation.For(part, shared)));
        }
    }
}
