using Ctc.Engine.Objectives;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Computes only the outputs of a request, lazily. Tensors belong to the caller's dispose scope.</summary>
internal sealed class LossEvaluation
{
    private readonly LossRequest request;
    private readonly Objective objective;
    private readonly Tensor leaf;
    private readonly Lazy<ObjectiveResult> result;
    private readonly Lazy<BatchEvaluation> inspection;
    private readonly Lazy<bool> differentiated;

    public LossEvaluation(LossRequest request, Objective objective)
    {
        this.request = request;
        this.objective = objective;
        Tensor inputs = Numbers();
        leaf = (request.AreProbabilities ? inputs.log() : inputs.clone()).requires_grad_();
        result = new(() => objective.Evaluate(leaf, request.Batch, request.Kind));
        differentiated = new(Differentiate);
        inspection = new(() =>
        {
            using var withoutGradient = torch.no_grad();
            return objective.Inspect(leaf.detach(), request.Batch, request.Kind);
        });
    }

    /// <summary>Gets [B] the loss of each utterance, before the reduction.</summary>
    public Tensor Loss => result.Value.PerUtterance.detach();

    /// <summary>Gets the reduced loss; null if nothing is reduced.</summary>
    public Tensor? Reduced => request.Objective.Reduction == Reduction.None ? null : result.Value.Loss.detach();

    /// <summary>Gets the quantities of the lattice, without gradient.</summary>
    public BatchEvaluation Inspection => inspection.Value;

    /// <summary>The gradient of the reduced loss, or of the sum, with respect to the input numbers.</summary>
    /// <returns>[T, B, V]; 0 in padding and for infeasible utterances, NaN for a probability of 0, where the logarithm has no gradient.</returns>
    public Tensor Gradient()
    {
        _ = differentiated.Value;
        Tensor gradient = leaf.grad ?? torch.zeros_like(leaf);
        if (!request.AreProbabilities) return gradient;
        Tensor read = Inspection.Mask.logical_and(Inspection.Feasible.unsqueeze(0)).unsqueeze(2);
        return torch.where(read, gradient / leaf.detach().exp(), torch.zeros_like(gradient));
    }

    /// <summary>The gradients of the learned scores, by name; 0 for one that the loss does not read.</summary>
    public IEnumerable<(string Name, Tensor Gradient)> ParameterGradients()
    {
        _ = differentiated.Value;
        return objective.named_parameters().Select(learned => (learned.name, learned.parameter.grad ?? torch.zeros_like(learned.parameter)));
    }

    /// <summary>[T, B, V] values, with those in padding replaced by 0.</summary>
    public Tensor Valid(Tensor values) => torch.where(Inspection.Mask.unsqueeze(2), values, torch.zeros_like(values));

    private bool Differentiate()
    {
        using Tensor total = result.Value.Loss.sum();
        if (total.requires_grad) total.backward();
        return true;
    }

    // [T, B, V]
    private Tensor Numbers()
    {
        Batch batch = request.Batch;
        torch.ScalarType type = request.Precision == Precision.Float32 ? torch.ScalarType.Float32 : torch.ScalarType.Float64;
        bool timeMajor = request.Layout == TensorLayout.TimeMajor;
        long[] shape = timeMajor ? [request.Frames, batch.Size, batch.Tokens] : [batch.Size, request.Frames, batch.Tokens];
        Tensor flat = torch.tensor(request.Inputs, shape).to(type);
        return timeMajor ? flat : flat.transpose(0, 1).contiguous();
    }
}
