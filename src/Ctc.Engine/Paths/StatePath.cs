namespace Ctc.Engine.Paths;

/// <summary>Paths as states, and as the labels of the states.</summary>
internal static class StatePath
{
    /// <summary>The value for no state and no token.</summary>
    public static readonly Scalar None = -1L;

    private static readonly Scalar Zero = 0;

    /// <summary>Maps the states of paths to their labels.</summary>
    /// <param name="lattice">The lattice of the states.</param>
    /// <param name="states">[..., T, B] states; −1 where there is none.</param>
    /// <returns>[..., T, B] labels of type int64, tokens or classes; −1 where there is no state.</returns>
    public static Tensor LabelsOfStates(this Lattice lattice, Tensor states)
    {
        Tensor flat = states.flatten(0, -2); // [.. · T, B]
        Tensor labels = lattice.Labels.to(states.device).gather(1, flat.clamp(min: Zero).transpose(0, 1)).transpose(0, 1);
        return labels.masked_fill(flat.lt(Zero), None).reshape(states.shape);
    }
}
