namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A row of mantissas and exponents, one of each for a state, from state 0 on.</summary>
/// <typeparam name="T">double, as in <see cref="ExtendedRange"/>, or float, as in <see cref="SingleRange"/>.</typeparam>
internal readonly ref struct StateRow<T>(ref T mantissa, ref T exponent)
    where T : unmanaged
{
    public readonly ref T Mantissa = ref mantissa;

    public readonly ref T Exponent = ref exponent;
}
