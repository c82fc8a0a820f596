namespace Ctc.Testing.Oracles;

/// <summary>Gradients by central differences, as a reference for autograd. float64 only.</summary>
public static class FiniteDifferences
{
    /// <summary>The gradient of a function at a point. Error O(step²), noise O(ε/step).</summary>
    /// <param name="function">From a tensor of the point's shape to one number. Its tensors are disposed after each call.</param>
    /// <param name="point">Of type float64, on the CPU. Not changed.</param>
    /// <param name="step">Half the distance between the two evaluations; by default 1e-5.</param>
    /// <returns>A tensor of the point's shape.</returns>
    public static Tensor Gradient(Func<Tensor, Tensor> function, Tensor point, double step = 1e-5)
    {
        double[] at = point.data<double>().ToArray();
        var slopes = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            slopes[i] = (Value(i, step) - Value(i, -step)) / (2 * step);
        }

        return torch.tensor(slopes, point.shape);

        double Value(int i, double change)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var withoutGradient = torch.no_grad();
            double[] moved = [.. at];
            moved[i] += change;
            return function(torch.tensor(moved, point.shape)).item<double>();
        }
    }

    /// <summary>
    /// The derivative of a function along a direction, by one central difference: the product of its Jacobian with the direction. Of a gradient, it
    /// is the product of the Hessian with the direction. Error O(step²·‖direction‖), noise O(ε·‖direction‖/step).
    /// </summary>
    /// <param name="function">From a tensor of the point's shape to a tensor of any shape. Its other tensors are disposed after each call.</param>
    /// <param name="point">Of type float64, on the CPU. Not changed. It may hold −∞, which stays.</param>
    /// <param name="direction">Of the point's shape, float64, finite and not 0.</param>
    /// <param name="step">Half the Euclidean distance between the two evaluations; by default 1e-5.</param>
    /// <returns>A tensor of the shape that the function gives.</returns>
    public static Tensor Along(Func<Tensor, Tensor> function, Tensor point, Tensor direction, double step = 1e-5)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        double change = step / direction.norm().item<double>();
        Tensor rise = function(point + (direction * change)) - function(point - (direction * change));
        return (rise / (2 * change)).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the same function by autograd.</summary>
    /// <param name="function">From a tensor of the point's shape to one number.</param>
    /// <param name="point">Not changed.</param>
    /// <returns>A tensor of the point's shape.</returns>
    public static Tensor Autograd(Func<Tensor, Tensor> function, Tensor point)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withGradient = torch.enable_grad();
        Tensor leaf = point.detach().clone().requires_grad_();
        function(leaf).backward();
        return leaf.grad!.detach().clone().MoveToOuterDisposeScope();
    }

    /// <summary>The product of the Hessian of a function with a direction, by two backward passes.</summary>
    /// <param name="function">From a tensor of the point's shape to one number.</param>
    /// <param name="point">Not changed.</param>
    /// <param name="direction">Of the point's shape.</param>
    /// <returns>A tensor of the point's shape.</returns>
    public static Tensor HessianVectorProduct(Func<Tensor, Tensor> function, Tensor point, Tensor direction)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withGradient = torch.enable_grad();
        Tensor leaf = point.detach().clone().requires_grad_();
        torch.autograd.backward([function(leaf)], create_graph: true, inputs: [leaf]);
        Tensor slope = (leaf.grad! * direction).sum();
        leaf.grad = null; // breaks a reference cycle in the autograd graph
        slope.backward();
        return leaf.grad!.detach().clone().MoveToOuterDisposeScope();
    }
}
