namespace Ctc.Engine.Paths;

/// <summary>Paths as states, and as the tokens that the states read.</summary>
internal static class StatePath
{
    /// <summary>What stands in the place of a state or token where there is none.</summary>
    public static readonly Scalar None = -1L;

    /// <summary>The tokens of paths.</summary>
    /// <param name="lattice">Its labels say what each state reads.</param>
    /// <param name="states">[..., T, B] states; −1 where there is none.</param>
    /// <returns>[..., T, B] tokens of type int64; −1 where there is no state.</returns>
    public static Tensor Read(this Lattice lattice, Tensor states)
    {
        Tensor flat = states.flatten(0, -2); // [.. · T, B]
        Tensor tokens = lattice.Labels.to(states.device).gather(1, flat.clamp(min: 0).transpose(0, 1)).transpose(0, 1);
        return tokens.masked_fill(flat < 0, None).reshape(states.shape);
    }
}
