namespace Ctc.Engine.Recursions.Labels;

/// <summary>Choices by share, from numbers that are uniform in [0, 1).</summary>
internal static class Choice
{
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar BelowOne = Math.BitDecrement(1.0);

    /// <summary>Chooses the first place at which the running sum exceeds chance · total. A share of 0 is never chosen.</summary>
    /// <param name="shares">[.., n], 0 or more; broadcast to the chances.</param>
    /// <param name="chances">[..] in [0, 1), of type float64.</param>
    /// <returns>
    /// [..] places in [0, n); and [..] how far into its share each chance was, in [0, 1): uniform again, and independent of the choice.
    /// </returns>
    public static (Tensor Place, Tensor Within) Pick(Tensor shares, Tensor chances)
    {
        Tensor each = shares.to(chances.dtype), running = each.cumsum(-1);
        Tensor sought = chances.unsqueeze(-1) * running.narrow(-1, running.shape[^1] - 1, 1);
        using Scalar last = running.shape[^1] - 1;
        Tensor place = (running <= sought).sum(-1, keepdim: true).clamp(max: last);
        long[] ofEach = [.. place.shape[..^1], running.shape[^1]];
        Tensor size = each.expand(ofEach).gather(-1, place);
        Tensor within = (sought - running.expand(ofEach).gather(-1, place)).Plus(size) / size;
        return (place.squeeze(-1), within.nan_to_num(0).clamp(min: Zero, max: BelowOne).squeeze(-1));
    }
}
